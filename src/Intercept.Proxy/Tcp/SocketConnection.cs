using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Intercept.Proxy.Tcp;

/// <summary>A connected socket; completing its output sends FIN and leaves the input open.</summary>
internal sealed class SocketConnection : ConnectionContext, IDuplexPipe
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    /// <summary>Takes the socket over.</summary>
    public SocketConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        Input = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        Output = PipeWriter.Create(new SendingStream(_stream, socket));
        Transport = this;
        RemoteEndPoint = socket.RemoteEndPoint;
        LocalEndPoint = socket.LocalEndPoint;
    }

    /// <inheritdoc/>
    public PipeReader Input { get; }

    /// <inheritdoc/>
    public PipeWriter Output { get; }

    /// <inheritdoc/>
    public override IDuplexPipe Transport { get; set; }

    /// <inheritdoc/>
    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public override IFeatureCollection Features { get; } = new FeatureCollection();

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        // Lingering for no time sends RST: the other side must not take an abort for an end.
        _socket.LingerState = new LingerOption(true, 0);
        _stream.Dispose();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await base.DisposeAsync();
    }

    private sealed class SendingStream(NetworkStream stream, Socket socket) : Streams.PassThroughStream(stream)
    {
        protected override void Dispose(bool disposing)
        {
            if (disposing && socket.Connected)
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            base.Dispose(disposing);
        }
    }
}
