namespace Intercept.Embedded.ApiServer.PortForward;

/// <summary>One port of a port-forward: dialled when the stream opens, written to once the pod has answered.</summary>
internal sealed class PortForwardChannel(int port, Func<int, CancellationToken, ValueTask<Stream>> dial) : IAsyncDisposable
{
    private readonly TaskCompletionSource<Stream?> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Port => port;

    /// <exception cref="IOException">Nothing listens on that port.</exception>
    public async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            var stream = await dial(port, cancellationToken);
            if (!_connected.TrySetResult(stream))
            {
                await stream.DisposeAsync();
                throw new ObjectDisposedException(nameof(PortForwardChannel));
            }

            return stream;
        }
        catch
        {
            // What the client still sends to a port that nobody listens on is dropped, as by a real kubelet.
            _connected.TrySetResult(null);
            throw;
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (await _connected.Task.WaitAsync(cancellationToken) is not { } stream)
        {
            return;
        }

        try
        {
            await stream.WriteAsync(data, cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // The reading side learns of it as well and tells the client on the error channel.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _connected.TrySetResult(null);
        if (await _connected.Task is { } stream)
        {
            await stream.DisposeAsync();
        }
    }
}
