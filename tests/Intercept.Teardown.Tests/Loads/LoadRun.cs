using System.Globalization;
using Intercept.Teardown.Tests.Kills;
using Intercept.Testing;

namespace Intercept.Teardown.Tests.Loads;

/// <summary>Callers of all kinds, and an intercept that comes and goes under them.</summary>
internal sealed class LoadRun(KillWorld world, string service, TestApplication application) : IAsyncDisposable
{
    private const int Kept = 2;
    private const int Fresh = 1;
    private const int LeastInPhase = 300;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly string _mark = $"{Guid.NewGuid():N}";
    private readonly CancellationTokenSource _ended = new();
    private Task _callers = Task.CompletedTask;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public LoadBooks Books { get; } = new();

    /// <summary>Opens and closes until there were so many requests, and at least as many cycles.</summary>
    public async Task RunAsync(int cycles, int requests)
    {
        var before = await ReadOriginalAsync();
        await using var cluster = await InterceptCluster.FromKubeconfigAsync(
            options: new InterceptClusterOptions { KubeconfigFile = world.Kubeconfig }, cancellationToken: Token);
        _callers = Task.WhenAll(Callers(null).Concat(Callers(_mark)));
        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            await WaitForAsync(Math.Max(requests * (cycle - 0.6) / cycles, Books.Answered + LeastInPhase), 0);
            Books.Phase = new Phase(PhaseKind.Switching, cycle);
            await using var session = await cluster.InterceptAsync($"{KillWorld.Namespace}/{service}", application.Server, Options(), Token);
            Books.Phase = new Phase(PhaseKind.Intercepted, cycle);
            await WaitForAsync(requests * (cycle - 0.1) / cycles, Books.ByTest + LeastInPhase);
            Books.Phase = new Phase(PhaseKind.Switching, cycle);
            await session.CloseAsync(Token);
            Books.Phase = new Phase(PhaseKind.Original, cycle);
        }

        await WaitForAsync(requests, 0);
        await EndAsync();

        // Everybody was answered at least once: so nobody was twice.
        Assert.True(Books.Wrong.Count == 0, $"{Books}{Environment.NewLine}{string.Join(Environment.NewLine, Books.Wrong)}");
        Assert.Equal((Books.Sent, Books.Sent), (Books.Answered, await ReadOriginalAsync() - before + application.Ledger.Calls));
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _ended.Dispose();
    }

    private async Task EndAsync()
    {
        await _ended.CancelAsync();
        await _callers;
    }

    private IEnumerable<Task> Callers(string? mark) =>
    [
        .. from _ in Enumerable.Range(0, Kept) select new HttpCaller(world, service, Books, isKept: true, mark).RunAsync(_ended.Token),
        .. from _ in Enumerable.Range(0, Fresh) select new HttpCaller(world, service, Books, isKept: false, mark).RunAsync(_ended.Token),
        new SocketCaller(world, service, Books, mark).RunAsync(_ended.Token),
    ];

    private InterceptOptions Options() => new()
    {
        Header = $"{HeaderRule.DefaultName}:{_mark}",
        MaxRecordedBodyBytes = 0,
        MaxRecordedCalls = 10,
    };

    /// <summary>Waits for so many answers; after something went wrong there is nothing to wait for.</summary>
    private async Task WaitForAsync(double answered, long byTest)
    {
        while ((Books.Answered < answered || Books.ByTest < byTest) && Books.Wrong.Count == 0)
        {
            await Task.Delay(Poll, Token);
        }
    }

    private async Task<long> ReadOriginalAsync()
    {
        using var client = world.CreateCaller(service, TimeSpan.Zero);
        return long.Parse(await client.GetStringAsync(new Uri("ledger", UriKind.Relative), Token), CultureInfo.InvariantCulture);
    }
}
