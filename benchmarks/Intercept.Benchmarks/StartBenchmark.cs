namespace Intercept.Benchmarks;

/// <summary>From nothing to a ready intercept on the embedded cluster, against the same three services started alone.</summary>
internal static class StartBenchmark
{
    public static async Task<IReadOnlyList<Comparison>> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        var (firstOurs, firstAlone) = (new Measurement("nothing to ready intercept, first in the process"), new Measurement("three apps as WebApplicationFactory, first"));
        var (ours, alone) = (new Measurement("nothing to ready intercept"), new Measurement("three apps as WebApplicationFactory"));

        // The yardstick goes first: the services' own code is then warm for both, the engine's and the cluster's for neither.
        await RoundAsync(firstOurs, firstAlone, cancellationToken);
        for (var round = 0; round < rounds; round++)
        {
            await RoundAsync(ours, alone, cancellationToken);
        }

        return [new Comparison(ours, alone, "<= 2"), new Comparison(firstOurs, firstAlone, "none set")];
    }

    private static async Task RoundAsync(Measurement ours, Measurement alone, CancellationToken cancellationToken)
    {
        await using (await alone.TakeAsync(() => Task.FromResult(ThreeApps.Start())))
        {
        }

        await using (await ours.TakeAsync(() => InterceptedShop.StartAsync(cancellationToken)))
        {
        }
    }

    private sealed class ThreeApps : IAsyncDisposable
    {
        private readonly InProcessApp<Shop.Frontend.Program> _frontend = new();
        private readonly InProcessApp<Shop.Core.Program> _core = new();
        private readonly InProcessApp<Shop.Leaf.Program> _leaf = new();

        public static ThreeApps Start()
        {
            var apps = new ThreeApps();
            apps._leaf.StartServer();
            apps._core.StartServer();
            apps._frontend.StartServer();
            return apps;
        }

        public async ValueTask DisposeAsync()
        {
            await _frontend.DisposeAsync();
            await _core.DisposeAsync();
            await _leaf.DisposeAsync();
        }
    }
}
