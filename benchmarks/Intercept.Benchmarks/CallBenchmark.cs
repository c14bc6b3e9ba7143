namespace Intercept.Benchmarks;

/// <summary>One call on a warm connection: intercepted, passed on to the original pods, and directly to a Kestrel Leaf.</summary>
internal static class CallBenchmark
{
    private const int WarmUp = 200;

    public static async Task<IReadOnlyList<Comparison>> RunAsync(InterceptedShop shop, int rounds, CancellationToken cancellationToken)
    {
        await using var kestrel = new InProcessApp<Shop.Leaf.Program>();
        kestrel.UseKestrel(0);
        kestrel.StartServer();
        using var direct = new HttpClient { BaseAddress = kestrel.ClientOptions.BaseAddress };
        using var intercepted = shop.Session.CreateClient("shop/leaf");
        using var passed = shop.Cluster.CreateClient("shop/leaf");
        using var forwarded = shop.Cluster.CreateClient("shop/core");

        var directCall = new Measurement("the same call directly to a Kestrel Leaf");
        var interceptedCall = new Measurement("an intercepted call, through port-forward, proxy and tunnel");
        var passedCall = new Measurement("a call passed on to the original, through port-forward, proxy and decoy");
        var forwardedCall = new Measurement("a call through port-forward alone");

        async Task RoundAsync()
        {
            await directCall.TakeAsync(() => direct.GetStringAsync("/leaf", cancellationToken));
            await interceptedCall.TakeAsync(() => intercepted.GetStringAsync("/leaf", cancellationToken));
            await passedCall.TakeAsync(() => passed.GetStringAsync("/leaf", cancellationToken));
            await forwardedCall.TakeAsync(() => forwarded.GetStringAsync("/healthz", cancellationToken));
        }

        for (var round = 0; round < WarmUp; round++)
        {
            await direct.GetStringAsync("/leaf", cancellationToken);
            await intercepted.GetStringAsync("/leaf", cancellationToken);
            await passed.GetStringAsync("/leaf", cancellationToken);
            await forwarded.GetStringAsync("/healthz", cancellationToken);
        }

        for (var round = 0; round < rounds; round++)
        {
            await RoundAsync();
        }

        return
        [
            new Comparison(interceptedCall, directCall, "none set yet"),
            new Comparison(passedCall, directCall, "none set yet"),
            new Comparison(interceptedCall, forwardedCall, "none set yet"),
        ];
    }
}
