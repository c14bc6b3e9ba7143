using Intercept.Engine.Tunnels;
using Microsoft.AspNetCore.Http;

namespace Intercept.Engine.Tests.Tunnels;

/// <summary>A proxy with one tunnel attached, whose route <c>x-test: 1</c> leads to a target.</summary>
internal sealed class TunnelRig : IAsyncDisposable
{
    public static readonly HeaderRule Rule = HeaderRule.Create("X-Test", "1");

    private TunnelRig(ProxyRig proxy, BreakableDial dial, Tunnel tunnel, SampleApp target)
    {
        Proxy = proxy;
        Dial = dial;
        Tunnel = tunnel;
        Target = target;
    }

    public ProxyRig Proxy { get; }

    public BreakableDial Dial { get; }

    public Tunnel Tunnel { get; }

    public SampleApp Target { get; }

    public static async Task<TunnelRig> StartAsync(Func<TunnelOptions, TunnelOptions>? configure = null, RequestDelegate? handler = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var proxy = await ProxyRig.StartAsync();
        var dial = new BreakableDial(proxy.DialControlAsync);
        var options = new TunnelOptions
        {
            SessionName = "intercept-shop-leaf",
            Claim = Rule,
            TestClaim = HeaderRule.Create("X-Test", "test-"),
        };
        var tunnel = await Tunnel.ConnectAsync(configure?.Invoke(options) ?? options, dial.DialAsync, TimeProvider.System, cancellationToken);
        var target = new SampleApp("target");
        await tunnel.AddRouteAsync(Rule, handler ?? target.InvokeAsync, cancellationToken);
        return new TunnelRig(proxy, dial, tunnel, target);
    }

    /// <summary>Sends a request and returns who answered, with the whole answer.</summary>
    public async Task<Answer> SendAsync(
        string path = "/", string? value = "1", HttpMethod? method = null, HttpContent? content = null, bool http2 = false, params (string Name, string Value)[] headers)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(method ?? (content is null ? HttpMethod.Get : HttpMethod.Post), path) { Content = content };
        if (http2)
        {
            request.Version = System.Net.HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation("x-test", value);
        }

        foreach (var (name, text) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, text);
        }

        using var response = await (http2 ? Proxy.CreateClient(http2: true) : Proxy.Client).SendAsync(request, cancellationToken);
        return await Answer.ReadAsync(response);
    }

    /// <summary>Sends bytes to the first data port and reads until the proxy closes.</summary>
    public Task<RawAnswer> SendRawAsync(string request) => Proxy.SendRawAsync(request);

    public async ValueTask DisposeAsync()
    {
        Target.Gate.TrySetResult();
        Target.Cancelled.TrySetResult();
        await Tunnel.DisposeAsync();
        await Proxy.DisposeAsync();
    }
}
