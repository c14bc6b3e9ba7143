using System.Net;
using System.Text;
using Intercept.Proxy.Forwarding;

namespace Intercept.Proxy.Sessions;

/// <summary>The proxy's end of one tunnel: an HTTP/2 client whose only connection is the stream that the test process opened.</summary>
internal sealed class TunnelConnection : IDisposable
{
    /// <summary>The authority of requests that have none of their own.</summary>
    public const string Address = "http://tunnel";

    // Each stalled download may fill its window; the connection's window of 64 MiB is shared by all of them.
    private const int InitialStreamWindow = 128 * 1024;

    private readonly EndAwareStream _stream;
    private int _taken;

    /// <summary>Begins to speak HTTP/2 on the stream with the first request.</summary>
    public TunnelConnection(Stream stream, TimeSpan pingTimeout)
    {
        _stream = new EndAwareStream(stream);
        Client = new HttpMessageInvoker(new StreamingHandler(new SocketsHttpHandler
        {
            ConnectCallback = TakeStreamAsync,
            EnableMultipleHttp2Connections = false,
            InitialHttp2StreamWindowSize = InitialStreamWindow,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            KeepAlivePingDelay = TimeSpan.FromSeconds(5),
            KeepAlivePingTimeout = pingTimeout,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            MaxResponseHeadersLength = 128,
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
        }));
    }

    /// <summary>Sends requests into the tunnel.</summary>
    public HttpMessageInvoker Client { get; }

    /// <summary>Whether the stream has ended.</summary>
    public bool HasEnded => _stream.HasEnded;

    /// <summary>Whether a request failed because the tunnel was gone before the request could be sent.</summary>
    public static bool WasNeverSent(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is TunnelGoneException)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        _stream.Dispose();
    }

    private ValueTask<Stream> TakeStreamAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _taken, 1) == 0 && !_stream.HasEnded
            ? ValueTask.FromResult<Stream>(_stream)
            : ValueTask.FromException<Stream>(new TunnelGoneException());

    private sealed class TunnelGoneException() : IOException("The tunnel has ended.");
}
