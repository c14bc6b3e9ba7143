using System.IO.Pipelines;
using System.Net.Sockets;
using Intercept.Proxy.Listening;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Intercept.Proxy.Tcp;

/// <summary>A port that is not HTTP: bytes both ways between callers and the original pods.</summary>
internal sealed class TcpPortHandler(DecoyDialer dialer, ILogger<TcpPortHandler> logger)
{
    /// <summary>Carries one connection until both directions have ended, or one has failed.</summary>
    public async Task HandleAsync(ConnectionContext caller, DataPort port)
    {
        port.CountPassed();
        try
        {
            await using var decoy = await dialer.DialAsync(port.Configuration, caller.ConnectionClosed);
            try
            {
                await CarryAsync(caller, decoy);
            }
            catch (Exception exception) when (IsBreak(exception))
            {
                // A reset on one side is a reset on the other.
                var reason = new ConnectionAbortedException(exception.Message, exception);
                caller.Abort(reason);
                decoy.Abort(reason);
            }
        }
        catch (Exception exception) when (IsBreak(exception) || exception is OperationCanceledException)
        {
            ProxyLog.TcpFailed(logger, port.Configuration.Name, exception.Message);
            caller.Abort(new ConnectionAbortedException("The original pods can't be reached.", exception));
        }
    }

    private static bool IsBreak(Exception exception) => exception is IOException or SocketException or ConnectionAbortedException or ObjectDisposedException;

    private static async Task CarryAsync(ConnectionContext caller, ConnectionContext decoy)
    {
        var up = caller.Transport.Input.CopyToAsync(decoy.Transport.Output);
        var upToEnd = EndOutputAsync(up, decoy.Transport.Output);
        var down = CopyDownAsync(decoy.Transport.Input, caller);
        var first = await Task.WhenAny(upToEnd, down);
        if (!first.IsCompletedSuccessfully)
        {
            var reason = new ConnectionAbortedException("The other side has broken off.");
            caller.Abort(reason);
            decoy.Abort(reason);
        }

        await Task.WhenAll(upToEnd, down);
    }

    private static async Task EndOutputAsync(Task copy, PipeWriter output)
    {
        await copy;
        await output.CompleteAsync();
    }

    /// <summary>Kestrel's own output can't end without closing the input too, so bytes go to the socket directly where there is one.</summary>
    private static async Task CopyDownAsync(PipeReader decoy, ConnectionContext caller)
    {
        if (caller.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
        {
            await decoy.CopyToAsync(caller.Transport.Output);
            await caller.Transport.Output.CompleteAsync();
            return;
        }

        await using var stream = new NetworkStream(socket, ownsSocket: false);
        await decoy.CopyToAsync(stream);
        socket.Shutdown(SocketShutdown.Send);
    }
}
