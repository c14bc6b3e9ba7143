using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Network;

/// <summary>
/// One port of one Service: balances each new connection once, round robin, then only copies bytes. Connections stay where
/// they are when the endpoints change; without any endpoint new ones are refused.
/// </summary>
internal sealed class ServicePortListener : IAsyncDisposable
{
    private static readonly TimeSpan PatienceWithSilence = TimeSpan.FromMilliseconds(200);

    private readonly ClusterNetwork _network;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly Socket _holder = LoopbackSocket.Bind(0);
    private IReadOnlyList<IPEndPoint> _backends = [];
    private Socket? _listening;
    private Task _accepting = Task.CompletedTask;
    private int _next = Random.Shared.Next(1024);

    public ServicePortListener(ClusterNetwork network, ILogger logger)
    {
        _network = network;
        _logger = logger;
        Real = (IPEndPoint)_holder.LocalEndPoint!;
    }

    public IPEndPoint Real { get; }

    public IReadOnlyList<IPEndPoint> Backends => _backends;

    public void SetBackends(IReadOnlyList<IPEndPoint> backends)
    {
        _backends = backends;
        if (backends.Count == 0)
        {
            _listening?.Dispose();
            _listening = null;
        }
        else if (_listening is null)
        {
            _listening = LoopbackSocket.Bind(Real.Port);
            _listening.Listen();
            _accepting = Task.WhenAll(_accepting, AcceptAsync(_listening));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listening?.Dispose();
        await _closing.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(false);
        _holder.Dispose();
        _closing.Dispose();
    }

    private async Task AcceptAsync(Socket listening)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listening.AcceptAsync(_closing.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }

            var connection = ConnectAsync(client, _backends);
            _connections.TryAdd(connection, true);
            _ = connection.ContinueWith(static (done, set) => ((ConcurrentDictionary<Task, bool>)set!).TryRemove(done, out _), _connections, TaskScheduler.Default);
        }
    }

    /// <summary>
    /// The backend is gone, but the client has its connection: reset it after its first bytes. An HttpClient whose connection
    /// is reset before it looks at it throws a bare SocketException.
    /// </summary>
    private async Task RefuseAsync(Socket client)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        limit.CancelAfter(PatienceWithSilence);
        try
        {
            await client.ReceiveAsync(new byte[1], limit.Token).ConfigureAwait(false);
        }
        finally
        {
            LoopbackSocket.Reset(client);
        }
    }

    private async Task ConnectAsync(Socket client, IReadOnlyList<IPEndPoint> backends)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var backend = backends.Count == 0 ? null : backends[(int)((uint)Interlocked.Increment(ref _next) % (uint)backends.Count)];
        try
        {
            if (backend is null || _network.Find(backend.Address, backend.Port) is not { } real)
            {
                await RefuseAsync(client).ConfigureAwait(false);
                return;
            }

            client.NoDelay = true;
            var server = await LoopbackSocket.ConnectAsync(real, _closing.Token).ConfigureAwait(false);
            await SocketSplice.RunAsync(client, server, _closing.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            NetworkLog.ConnectionFailed(_logger, Real, backend, e.Message);
            LoopbackSocket.Reset(client);
        }
    }
}
