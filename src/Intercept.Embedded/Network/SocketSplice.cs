using System.Buffers;
using System.Net.Sockets;

namespace Intercept.Embedded.Network;

/// <summary>Copies bytes both ways between two connected sockets: half-close is passed on, a reset too.</summary>
internal static class SocketSplice
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Owns and closes both sockets. Ends when both directions have ended, or one has failed.</summary>
    public static async Task RunAsync(Socket left, Socket right, CancellationToken cancellationToken)
    {
        await using var closing = cancellationToken.UnsafeRegister(_ => Abort(left, right), null).ConfigureAwait(false);
        await Task.WhenAll(CopyAsync(left, right), CopyAsync(right, left)).ConfigureAwait(false);
        left.Dispose();
        right.Dispose();
    }

    private static async Task CopyAsync(Socket source, Socket target)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int count;
            while ((count = await source.ReceiveAsync(buffer.AsMemory(), SocketFlags.None).ConfigureAwait(false)) > 0)
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await target.SendAsync(buffer.AsMemory(sent, count - sent), SocketFlags.None).ConfigureAwait(false);
                }
            }

            target.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Either peer is gone: the other one learns it as it would from a direct connection.
            Abort(source, target);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Abort(Socket left, Socket right)
    {
        LoopbackSocket.Reset(left);
        LoopbackSocket.Reset(right);
    }
}
