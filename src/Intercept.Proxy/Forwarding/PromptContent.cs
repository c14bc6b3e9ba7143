using System.Net;
using Intercept.Proxy.Streams;

namespace Intercept.Proxy.Forwarding;

/// <summary>A response body whose head goes to the caller as soon as the body lets wait for itself.</summary>
internal sealed class PromptContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly HttpResponse _response;

    /// <summary>Takes over the headers and the bytes.</summary>
    public PromptContent(HttpContent inner, HttpResponse response)
    {
        _inner = inner;
        _response = response;
        foreach (var (name, values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    /// <inheritdoc/>
    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new PromptStream(await _inner.ReadAsStreamAsync(cancellationToken), _response);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _inner.CopyToAsync(stream, context);

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed class PromptStream(Stream inner, HttpResponse response) : PassThroughStream(inner)
    {
        private bool _hasRead;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = Inner.ReadAsync(buffer, cancellationToken);
            if (_hasRead || read.IsCompleted)
            {
                _hasRead = true;
                return read;
            }

            _hasRead = true;
            return StartThenReadAsync(read.AsTask(), cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                Inner.Dispose();
            }

            base.Dispose(disposing);
        }

        private async ValueTask<int> StartThenReadAsync(Task<int> read, CancellationToken cancellationToken)
        {
            try
            {
                await response.StartAsync(cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
            }
            catch
            {
                // The reader takes its buffer back when this throws, so the read must not be under way any more.
                await Inner.DisposeAsync();
                await ((Task)read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }

            return await read;
        }
    }
}
