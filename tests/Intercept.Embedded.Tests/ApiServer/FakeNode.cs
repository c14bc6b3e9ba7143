using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Intercept.Embedded.Node;

namespace Intercept.Embedded.Tests.ApiServer;

/// <summary>A node whose every pod echoes on port 7 and listens nowhere else.</summary>
internal sealed class FakeNode : INodeGateway
{
    public const int EchoPort = 7;

    public async ValueTask<Stream> DialPodAsync(string namespaceName, string podName, int port, CancellationToken cancellationToken)
    {
        if (port != EchoPort)
        {
            throw new IOException($"failed to connect to localhost:{port} inside {namespaceName}/{podName}: connection refused");
        }

        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(listener.LocalEndPoint!, cancellationToken);
        var served = await listener.AcceptAsync(cancellationToken);
        Echoes.Add(EchoAsync(served));
        return new NetworkStream(client, ownsSocket: true);
    }

    public List<Task> Echoes { get; } = [];

    public IReadOnlyList<string> Log { get; set; } = [];

    public async IAsyncEnumerable<string> ReadLogAsync(
        string namespaceName, string podName, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var line in Log)
        {
            yield return line;
        }

        if (follow)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    private static async Task EchoAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await stream.CopyToAsync(stream);
        }
        catch (IOException)
        {
            // The other side went without a farewell.
        }
    }
}
