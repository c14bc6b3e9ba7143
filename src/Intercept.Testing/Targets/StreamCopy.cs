using System.Buffers;

namespace Intercept.Testing.Targets;

/// <summary>Copies a stream that may pause, without keeping back what has come.</summary>
internal static class StreamCopy
{
    public static async Task CopyAsync(Stream from, Stream to, int bufferSize, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(bufferSize);
        try
        {
            int count;
            while ((count = await from.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                await to.FlushAsync(cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
