using System.Net;
using System.Threading.Channels;
using Intercept.Proxy.Contract;

namespace Intercept.Proxy.Control;

/// <summary>A request body that goes on as long as there are messages to come.</summary>
internal sealed class ControlContent(ChannelReader<ControlMessage> messages) : HttpContent
{
    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await foreach (var message in messages.ReadAllAsync(cancellationToken))
        {
            await stream.WriteAsync(ControlLines.Write(message, ContractJson.ControlMessage), cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
