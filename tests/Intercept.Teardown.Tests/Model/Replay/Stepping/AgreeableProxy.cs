using Intercept.Engine.Tunnels;
using Intercept.Proxy.Contract;
using Microsoft.AspNetCore.Http;

namespace Intercept.Teardown.Tests.Model.Replay.Stepping;

/// <summary>A connection to a proxy that proves whatever it is asked to prove: the data path is no part of the model.</summary>
internal sealed class AgreeableProxy : IProxyLink
{
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _routes;

    public Task Lost => _lost.Task;

    public bool IsConnected => !_lost.Task.IsCompleted;

    public WelcomeMessage Proxy { get; } = new("proxy", "proxy", ContractVersion.Current, "token");

    public Task<IAsyncDisposable> AddRouteAsync(HeaderRule rule, RequestDelegate handler, CancellationToken cancellationToken)
    {
        _routes = true;
        return Task.FromResult<IAsyncDisposable>(new Route(this));
    }

    public Task<DecoyProbe> ProbeDecoyAsync(CancellationToken cancellationToken) => Task.FromResult(new DecoyProbe([]));

    public Task<ServiceProbe> ProbeServiceAsync(ServiceProbeRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new ServiceProbe([new ServiceProbeAnswer(_routes ? ProbeAnswer.Me : ProbeAnswer.NotAProxy, "", TimeSpan.Zero)]));

    public Task<ProxyStatus> GetStatusAsync(CancellationToken cancellationToken) => Task.FromResult(Status());

    public Task<ProxyStatus> DisconnectCallersAsync(TimeSpan timeout, CancellationToken cancellationToken) => Task.FromResult(Status());

    public ValueTask DisposeAsync()
    {
        _lost.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private static ProxyStatus Status() => new(false, 1, new SessionReport(0, 0, 0, 0, 0), []);

    private sealed class Route(AgreeableProxy proxy) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            proxy._routes = false;
            return ValueTask.CompletedTask;
        }
    }
}
