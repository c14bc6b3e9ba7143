using System.Net;

namespace Intercept.Testing.Targets;

/// <summary>A request's body, sent on as it comes.</summary>
internal sealed class RequestBodyContent(Stream body, CancellationToken aborted) : HttpContent
{
    private const int BufferSize = 64 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        StreamCopy.CopyAsync(body, stream, BufferSize, aborted);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, cancellationToken);
        await StreamCopy.CopyAsync(body, stream, BufferSize, either.Token);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(body);

    // The header says it, where the caller said it.
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
