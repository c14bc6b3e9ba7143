using Intercept.Embedded.Node;

namespace Intercept.Simulation.Tests.Cluster;

/// <summary>No pod runs anything here.</summary>
internal sealed class NoNode : INodeGateway
{
    public static NoNode Instance { get; } = new();

    public ValueTask<Stream> DialPodAsync(string namespaceName, string podName, int port, CancellationToken cancellationToken) =>
        throw new IOException("Simulated pods run nothing.");

    public IAsyncEnumerable<string> ReadLogAsync(string namespaceName, string podName, bool follow, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<string>();
}
