using Intercept.Embedded.ApiServer.Access;
using Intercept.Embedded.ApiServer.Hosting;
using Intercept.Embedded.Node;

namespace Intercept.Embedded.ApiServer;

/// <summary>A running API server: a Kubernetes API on a loopback port, and the door for those who live in the same process.</summary>
internal sealed class ApiServerHost : IAsyncDisposable
{
    private readonly ApiServerCore _core;
    private readonly HttpListenerHost _http;
    private int _disposed;

    private ApiServerHost(ApiServerCore core, HttpListenerHost http)
    {
        _core = core;
        _http = http;
    }

    /// <summary>Where the API answers: http, 127.0.0.1, a port of its own.</summary>
    public Uri Address => _http.Address;

    /// <summary>The bearer token without which nothing is answered.</summary>
    public string Token => _core.Guard.Token;

    /// <summary>The same API without a socket.</summary>
    public ILocalApi Api => _core.LocalApi;

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
            return new(core, await HttpListenerHost.StartAsync(core.HandleAsync, ct));
        }
        catch
        {
            await core.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends every open watch and stream, then the listener and the controllers.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _core.StopAsync();
        await _http.DisposeAsync();
        await _core.DisposeAsync();
    }
}
