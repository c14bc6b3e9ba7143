using Intercept.Proxy.Streams;

namespace Intercept.Proxy.Forwarding;

/// <summary>Flushes after each write. It does not own the stream behind.</summary>
internal sealed class FlushingStream(Stream inner) : PassThroughStream(inner)
{
    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Inner.WriteAsync(buffer, cancellationToken);
        await Inner.FlushAsync(cancellationToken);
    }
}
