using Intercept.Proxy.Streams;

namespace Intercept.Proxy.Sessions;

/// <summary>Knows that it has ended before its reader does, so that nobody asks too early whether a tunnel still stands.</summary>
internal sealed class EndAwareStream(Stream inner) : PassThroughStream(inner)
{
    private volatile bool _hasEnded;

    /// <summary>Whether a read found the end, anything failed, or the stream was disposed.</summary>
    public bool HasEnded => _hasEnded;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await Inner.ReadAsync(buffer, cancellationToken);
            _hasEnded |= read == 0 && buffer.Length > 0;
            return read;
        }
        catch
        {
            _hasEnded = true;
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await Inner.WriteAsync(buffer, cancellationToken);
        }
        catch
        {
            _hasEnded = true;
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _hasEnded = true;
        if (disposing)
        {
            Inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
