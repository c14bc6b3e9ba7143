using Intercept.Engine.Journal;
using Intercept.Engine.Tunnels;

namespace Intercept.Engine.Keeping;

/// <summary>
/// Keeps one participant's intercept alive from the writing of its Session to its deletion, and notices when it is lost: by its
/// heartbeat, by watching the Service, proxy and decoy, by its connection to the proxy.
/// </summary>
internal sealed class SessionKeeper : IAsyncDisposable
{
    private readonly ServiceScope _scope;
    private readonly SessionResource _session;
    private readonly Loss _loss = new();
    private readonly Heartbeat _heartbeat;
    private IReadOnlyList<IAsyncDisposable> _guards = [];
    private Task _linkWatch = Task.CompletedTask;
    private int _disposed;

    private SessionKeeper(ServiceScope scope, SessionResource session)
    {
        _scope = scope;
        _session = session;
        _heartbeat = new Heartbeat(scope, session, _loss);
    }

    /// <summary>Starts the heartbeat of a Session that was just written.</summary>
    public static SessionKeeper Start(ServiceScope scope, SessionResource session) => new(scope, session);

    /// <summary>Fails with an <see cref="InterceptException"/> when the intercept is lost; completes when it is closed.</summary>
    public Task Lost => _loss.Task;

    /// <summary>Runs a step of the opening; a loss ends it with the reason.</summary>
    public async Task GuardAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(_loss.Token, cancellationToken);
        try
        {
            await step(linked.Token);
        }
        catch (OperationCanceledException) when (_loss.Task.IsFaulted && !cancellationToken.IsCancellationRequested)
        {
            await _loss.Task;
        }
    }

    /// <summary>The Service is hijacked, the proxy connected: from now on all of it is watched.</summary>
    public void Watch(InterceptPlan plan, IProxyLink link, StepLog log)
    {
        _guards = [new ServiceGuard(_scope, plan, _session, _loss, log), new InterceptorGuard(_scope, _session, _loss, log)];
        _linkWatch = WatchAsync(link);
    }

    /// <summary>The participant's own process closes it: what goes from now on is no loss. The heart beats on.</summary>
    public async Task BeginClosingAsync()
    {
        _loss.End();
        _heartbeat.BeginClosing();
        foreach (var guard in Interlocked.Exchange(ref _guards, []))
        {
            await guard.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await BeginClosingAsync();
            await _heartbeat.DisposeAsync();
            await _linkWatch;
            _loss.Dispose();
        }
    }

    private async Task WatchAsync(IProxyLink link)
    {
        try
        {
            await link.Lost;
        }
        catch (InterceptException exception)
        {
            _loss.Report(exception);
        }
    }
}
