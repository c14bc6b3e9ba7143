using Intercept.Testing;

namespace Intercept.Benchmarks;

/// <summary>From <c>BeginTestAsync</c> to the first answered intercepted call, against the same first call without a test.</summary>
internal static class TestBenchmark
{
    public static async Task<Comparison> RunAsync(InterceptedShop shop, int rounds, CancellationToken cancellationToken)
    {
        var ours = new Measurement("BeginTestAsync to first intercepted answer");
        var unmarked = new Measurement("first answer to a new client, not intercepted");
        for (var round = 0; round < rounds; round++)
        {
            await using (await ours.TakeAsync(() => BeginAsync(shop.Session, cancellationToken)))
            {
            }

            await unmarked.TakeAsync(async () =>
            {
                using var client = shop.Cluster.CreateClient("shop/leaf");
                return await client.GetStringAsync("/leaf", cancellationToken);
            });
        }

        return new Comparison(ours, unmarked, "median <= 20 ms");
    }

    private static async Task<InterceptSession> BeginAsync(InterceptSession session, CancellationToken cancellationToken)
    {
        var test = await session.BeginTestAsync(cancellationToken: cancellationToken);
        using var client = test.CreateClient("shop/leaf");
        await client.GetStringAsync("/leaf", cancellationToken);
        return test.Calls.Count == 1 ? test : throw new InvalidOperationException("The call was not intercepted.");
    }
}
