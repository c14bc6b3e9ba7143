using Intercept.Proxy.Contract;
using Microsoft.AspNetCore.Http;

namespace Intercept.Engine.Tunnels;

/// <summary>One rule and its handler.</summary>
internal sealed class TunnelRoute(RouteEntry entry, RequestDelegate handler)
{
    private readonly Lock _gate = new();
    private int _arrived;
    private (int Count, TaskCompletionSource Reached)? _awaited;

    /// <summary>As the proxy knows it.</summary>
    public RouteEntry Entry => entry;

    /// <summary>Answers its requests.</summary>
    public RequestDelegate Handler => handler;

    /// <summary>Whether it is being taken out: a re-attach leaves it away.</summary>
    public bool IsClosing { get; set; }

    /// <summary>A request came.</summary>
    public void CountArrival()
    {
        lock (_gate)
        {
            _arrived++;
            if (_arrived >= _awaited?.Count)
            {
                _awaited.Value.Reached.TrySetResult();
            }
        }
    }

    /// <summary>The connection is a new one.</summary>
    public void ResetArrivals()
    {
        lock (_gate)
        {
            _arrived = 0;
            _awaited?.Reached.TrySetResult();
        }
    }

    /// <summary>Completes when that many requests have come: those that the proxy had sent before it took the rule out.</summary>
    public Task WaitForArrivalsAsync(int count)
    {
        lock (_gate)
        {
            if (_arrived >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited = (count, reached);
            return reached.Task;
        }
    }
}
