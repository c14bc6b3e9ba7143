using System.Net.WebSockets;
using System.Text;
using Intercept.Proxy.Streams;

namespace Intercept.Engine.PortForwards;

/// <summary>
/// One forwarded port on a WebSocket of the protocol <c>v4.channel.k8s.io</c>: the first byte of each message names its
/// channel (0 data, 1 error), the first two bytes on each channel are the port. There is no half-close: disposing ends
/// both directions. One reader and one writer at a time; a slow reader holds the sender back through the WebSocket.
/// </summary>
internal sealed class PortForwardStream(WebSocket socket, string target) : AsyncStream
{
    private const byte DataChannel = 0;
    private const byte ErrorChannel = 1;
    private const int PortLength = 2;
    // The other end unpacks message by message, byte by byte: small ones keep it from stalling.
    private const int LargestWrite = 32 * 1024;
    private const int LargestError = 4 * 1024;
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(1);

    private readonly byte[] _received = new byte[64 * 1024];
    private readonly byte[] _sent = new byte[1 + LargestWrite];
    private readonly int[] _portBytesLeft = [PortLength, PortLength];
    private readonly StringBuilder _error = new();
    private ReadOnlyMemory<byte> _data;
    private int _channel = -1;
    private bool _hasEnded;
    private int _disposed;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_data.IsEmpty && !_hasEnded && !buffer.IsEmpty)
        {
            await ReceiveAsync(cancellationToken);
        }

        var length = Math.Min(buffer.Length, _data.Length);
        _data[..length].CopyTo(buffer);
        _data = _data[length..];
        return length;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var length = Math.Min(buffer.Length, LargestWrite);
            _sent[0] = DataChannel;
            buffer[..length].CopyTo(_sent.AsMemory(1));
            try
            {
                // Complete when it is with the operating system: there is nothing left to flush.
                await socket.SendAsync(_sent.AsMemory(0, 1 + length), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            }
            catch (WebSocketException exception)
            {
                throw Broken(exception);
            }

            buffer = buffer[length..];
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            using var limit = new CancellationTokenSource(CloseLimit);
            try
            {
                if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
                }
            }
            catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or InvalidOperationException)
            {
                // A goodbye is a courtesy: where it can't be said, the connection just ends.
            }

            socket.Dispose();
        }

        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            socket.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask ReceiveAsync(CancellationToken cancellationToken)
    {
        ValueWebSocketReceiveResult result;
        try
        {
            result = await socket.ReceiveAsync(_received.AsMemory(), cancellationToken);
        }
        catch (WebSocketException exception)
        {
            throw Broken(exception);
        }

        if (result.MessageType == WebSocketMessageType.Close)
        {
            ThrowIfError();
            _hasEnded = true;
            return;
        }

        var payload = _received.AsMemory(0, result.Count);
        if (_channel < 0 && payload.Length > 0)
        {
            _channel = payload.Span[0];
            payload = payload[1..];
        }

        Take(payload);
        if (result.EndOfMessage)
        {
            _channel = -1;
            ThrowIfError();
        }
    }

    private void Take(ReadOnlyMemory<byte> payload)
    {
        if (_channel is not (DataChannel or ErrorChannel))
        {
            return;
        }

        var port = Math.Min(_portBytesLeft[_channel], payload.Length);
        _portBytesLeft[_channel] -= port;
        payload = payload[port..];
        if (_channel == DataChannel)
        {
            _data = payload;
        }
        else if (_error.Length < LargestError)
        {
            _error.Append(Encoding.UTF8.GetString(payload.Span));
        }
    }

    private void ThrowIfError()
    {
        if (_error.Length > 0)
        {
            throw new IOException($"Port-forward to {target} failed: {_error.ToString().Trim()}");
        }
    }

    private IOException Broken(WebSocketException exception) => _error.Length > 0
        ? new IOException($"Port-forward to {target} failed: {_error.ToString().Trim()}", exception)
        : new IOException($"Port-forward to {target} broke: {exception.Message}", exception);
}
