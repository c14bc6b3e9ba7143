using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Intercept.Testing.Recording;

/// <summary>The answer's body as the target sees it; everything goes to the real one at once.</summary>
internal sealed class RecordingResponseBody(IHttpResponseBodyFeature inner, RecordedBody body) : IHttpResponseBodyFeature
{
    public Stream Stream { get; } = new RecordingResponseStream(inner.Stream, body);

    public PipeWriter Writer { get; } = new RecordingPipeWriter(inner.Writer, body);

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();
}
