using System.Buffers.Binary;
using System.Net.WebSockets;

namespace Intercept.Embedded.ApiServer.PortForward;

/// <summary>
/// The server's end of <c>v4.channel.k8s.io</c>: per port a data channel 2n and an error channel 2n+1, each opened by the server
/// with the port number as two bytes, little-endian. See <c>k8s.io/kubernetes/pkg/kubelet/portforward/websocket.go</c>.
/// </summary>
internal sealed class PortForwardStream(WebSocket socket, IReadOnlyList<int> ports, Func<int, CancellationToken, ValueTask<Stream>> dial) : IDisposable
{
    private const int BufferSize = 32 * 1024;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    // A WebSocket takes one sender at a time.
    private readonly SemaphoreSlim _sending = new(1, 1);

    /// <summary>Carries bytes until the client closes, every port has ended, or the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channels = new PortForwardChannel[ports.Count];
        for (var i = 0; i < ports.Count; i++)
        {
            channels[i] = new PortForwardChannel(ports[i], dial);
            var header = new byte[2];
            BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)ports[i]);
            await SendAsync(2 * i, header, ending.Token);
            await SendAsync((2 * i) + 1, header, ending.Token);
        }

        var outward = Task.WhenAll(channels.Select((channel, index) => PumpOutAsync(channel, index, ending.Token)));
        var inward = PumpInAsync(channels, ending.Token);
        try
        {
            await Task.WhenAny(outward, inward);
            await CloseAsync(cancellationToken);
            // The client answers the close with its own; one that does not is not waited for any longer than this.
            await Task.WhenAny(inward, Task.Delay(CloseTimeout, cancellationToken));
        }
        finally
        {
            await ending.CancelAsync();
            foreach (var channel in channels)
            {
                await channel.DisposeAsync();
            }

            await ObserveAsync(outward, ending.Token);
            await ObserveAsync(inward, ending.Token);
        }
    }

    public void Dispose() => _sending.Dispose();

    /// <summary>Client to pod. One reader for all channels: a pod that does not read holds the client back.</summary>
    private async Task PumpInAsync(PortForwardChannel[] channels, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var channel = -1;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            ReadOnlyMemory<byte> data = buffer.AsMemory(0, received.Count);
            if (channel < 0 && data.Length > 0)
            {
                channel = data.Span[0];
                data = data[1..];
            }

            if (data.Length > 0 && channel % 2 == 0 && channel / 2 < channels.Length)
            {
                await channels[channel / 2].WriteAsync(data, cancellationToken);
            }

            if (received.EndOfMessage)
            {
                channel = -1;
            }
        }
    }

    /// <summary>Pod to client.</summary>
    private async Task PumpOutAsync(PortForwardChannel channel, int index, CancellationToken cancellationToken)
    {
        try
        {
            var stream = await channel.ConnectAsync(cancellationToken);
            var buffer = new byte[BufferSize + 1];
            while (true)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(1), cancellationToken);
                if (read == 0)
                {
                    return;
                }

                buffer[0] = (byte)(2 * index);
                await SendFrameAsync(buffer.AsMemory(0, read + 1), cancellationToken);
            }
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException && !cancellationToken.IsCancellationRequested)
        {
            await SendAsync((2 * index) + 1, System.Text.Encoding.UTF8.GetBytes(
                $"error forwarding port {channel.Port} to pod: {broken.Message}"), cancellationToken);
        }
    }

    private async Task SendAsync(int channel, byte[] data, CancellationToken cancellationToken)
    {
        byte[] frame = [(byte)channel, .. data];
        await SendFrameAsync(frame, cancellationToken);
    }

    private async Task SendFrameAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return;
        }

        await _sending.WaitAsync(cancellationToken);
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    private static async Task ObserveAsync(Task task, CancellationToken ended)
    {
        try
        {
            await task;
        }
        catch (Exception broken) when (broken is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException && ended.IsCancellationRequested)
        {
            // The stream is over for one end or the other; there is nobody left to tell.
        }
    }
}
