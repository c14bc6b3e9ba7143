using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Intercept.Embedded.Network;

namespace Intercept.Embedded.Node;

/// <inheritdoc/>
internal sealed class NodeGateway(PodTable pods) : INodeGateway
{
    public async ValueTask<Stream> DialPodAsync(string namespaceName, string podName, int port, CancellationToken cancellationToken)
    {
        var worker = pods.Find(namespaceName, podName) ?? throw new IOException($"pod {namespaceName}/{podName} does not run");
        var real = worker.Network.FindLocal(port)
            ?? throw new IOException($"failed to connect to localhost:{port} inside pod {namespaceName}/{podName}: connection refused");
        try
        {
            return new NetworkStream(await LoopbackSocket.ConnectAsync(real, cancellationToken).ConfigureAwait(false), ownsSocket: true);
        }
        catch (SocketException e)
        {
            throw new IOException($"failed to connect to localhost:{port} inside pod {namespaceName}/{podName}: {e.Message}", e);
        }
    }

    public async IAsyncEnumerable<string> ReadLogAsync(
        string namespaceName, string podName, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (pods.Find(namespaceName, podName) is not { } worker)
        {
            yield break;
        }

        await foreach (var line in worker.Log.ReadAsync(follow, cancellationToken).ConfigureAwait(false))
        {
            yield return line;
        }
    }
}
