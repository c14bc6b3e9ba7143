namespace Intercept.Embedded.Node;

/// <summary>What the API server asks of a kubelet: the streams behind <c>pods/portforward</c> and <c>pods/log</c>.</summary>
internal interface INodeGateway
{
    /// <summary>
    /// Dials a port inside the pod, as localhost of the pod sees it: listeners on the pod's loopback are reached too.
    /// </summary>
    /// <exception cref="IOException">Nothing listens on that port, or the pod does not run.</exception>
    ValueTask<Stream> DialPodAsync(string namespaceName, string podName, int port, CancellationToken cancellationToken);

    /// <summary>The lines that the pod's container has logged so far, oldest first, then new ones while <paramref name="follow"/>.</summary>
    IAsyncEnumerable<string> ReadLogAsync(string namespaceName, string podName, bool follow, CancellationToken cancellationToken);
}
