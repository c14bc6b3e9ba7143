using Intercept.Testing.Tests.Fakes;

namespace Intercept.Testing.Tests.Sessions;

public sealed class BadInputTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, InterceptOptions, string> Refused => new()
    {
        { "leaf", new(), "namespace/name" },
        { "shop/leaf", new() { Header = "no-colon" }, "KEY:value" },
        { "shop/leaf", new() { Header = "bad name:1" }, "not an HTTP header name" },
        { "shop/leaf", new() { Header = "x:1", AllTraffic = true }, "AllTraffic" },
        { "shop/leaf", new() { Port = " " }, "Port" },
        { "shop/leaf", new() { Port = "70000" }, "65535" },
        { "shop/leaf", new() { ProxyImage = "" }, "ProxyImage" },
        { "shop/leaf", new() { MaxRecordedBodyBytes = -1 }, "MaxRecordedBodyBytes" },
        { "shop/leaf", new() { MaxRecordedCalls = 0 }, "MaxRecordedCalls" },
        { "shop/leaf", new() { Timeouts = new() { Switch = TimeSpan.Zero } }, "InterceptTimeouts.Switch" },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task Bad_input_is_refused_with_advice_before_anything_is_opened(string service, InterceptOptions options, string advice)
    {
        await using var fake = await FakeCluster.StartAsync();
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => fake.Cluster.InterceptAsync(service, new AnswerHandler(""), options, Token));

        Assert.True(refusal is ArgumentException or FormatException, refusal.ToString());
        Assert.Contains(advice, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(fake.Interceptor.Opened);
    }
}
