using Intercept.Embedded.ApiServer.Access;
using Intercept.Embedded.ApiServer.Hosting;
using Intercept.Embedded.Faults;
using Intercept.Embedded.Node;

namespace Intercept.Embedded.ApiServer;

/// <summary>A running API server: a Kubernetes API on a loopback port, and the door for those who live in the same process.</summary>
internal sealed class ApiServerHost : IAsyncDisposable
{
    private readonly ApiServerCore _core;
    private readonly HttpListenerHost _http;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _restarting = new(1);
    private int _disposed;

    private ApiServerHost(ApiServerCore core, HttpListenerHost http, TimeProvider time)
    {
        _core = core;
        _http = http;
        _time = time;
    }

    /// <summary>Where the API answers: http, 127.0.0.1, a port of its own.</summary>
    public Uri Address => _http.Address;

    /// <summary>The bearer token without which nothing is answered.</summary>
    public string Token => _core.Guard.Token;

    /// <summary>The same API without a socket.</summary>
    public ILocalApi Api => _core.LocalApi;

    /// <summary>What goes wrong with the calls.</summary>
    public ApiFaults Faults => _core.Faults;

    /// <summary>The tokens of the pods.</summary>
    public PodTokens PodTokens => _core.Tokens;

    /// <summary>Who may do what.</summary>
    public AccessControl Access => _core.Access;

    /// <summary>What the user of the token may not do; empty at the start.</summary>
    public DeniedAccess Denied => _core.Denied;

    public static async Task<ApiServerHost> StartAsync(ApiServerSettings settings, INodeGateway node, TimeProvider time, CancellationToken ct)
    {
        var core = new ApiServerCore(settings, node, time);
        try
        {
            return new(core, await HttpListenerHost.StartAsync(core.HandleAsync, ct), time);
        }
        catch
        {
            await core.DisposeAsync();
            throw;
        }
    }

    /// <summary>Cuts all connections, and answers none, or none well, for a time.</summary>
    public async Task RestartAsync(ApiServerRestart restart, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) == 1, this);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, _stopping.Token);
        await _restarting.WaitAsync(end.Token);
        try
        {
            await RestartAsync(restart, end);
        }
        finally
        {
            _core.Outage.Status = 0;
            _restarting.Release();
        }

        ct.ThrowIfCancellationRequested();
    }

    /// <summary>Ends every open watch and stream, then the listener and the controllers.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _core.StopAsync();

        // A restart that is under way brings the listener back first.
        await _restarting.WaitAsync();
        await _http.DisposeAsync();
        await _core.DisposeAsync();
        _restarting.Dispose();
        _stopping.Dispose();
    }

    private async Task RestartAsync(ApiServerRestart restart, CancellationTokenSource end)
    {
        // What comes back first must not answer as if nothing had happened.
        _core.Outage.Status = restart.Unavailable > TimeSpan.Zero ? 503 : restart.Forbidding > TimeSpan.Zero ? 403 : 0;
        await _http.RestartAsync(() => PassAsync(restart.Refusing, end.Token));
        await PassAsync(restart.Unavailable, end.Token);
        _core.Outage.Status = restart.Forbidding > TimeSpan.Zero ? 403 : 0;
        await PassAsync(restart.Forbidding, end.Token);
    }

    private async Task PassAsync(TimeSpan time, CancellationToken end)
    {
        try
        {
            await Task.Delay(time, _time, end);
        }
        catch (OperationCanceledException)
        {
            // The server comes back early: what is left of the restart is done at once.
        }
    }
}
