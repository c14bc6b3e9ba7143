using System.Net;
using System.Text;
using System.Threading.Channels;

namespace Intercept.Engine.Tests.Tunnels;

/// <summary>A request body that is written while the answer is read.</summary>
internal sealed class DuplexContent : HttpContent
{
    private readonly Channel<byte[]> _writes = Channel.CreateUnbounded<byte[]>();

    public async Task WriteAsync(string text) => await _writes.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    public void Complete() => _writes.Writer.Complete();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.FlushAsync();
        await foreach (var bytes in _writes.Reader.ReadAllAsync())
        {
            await stream.WriteAsync(bytes);
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
