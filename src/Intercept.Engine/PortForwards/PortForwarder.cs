using k8s;

namespace Intercept.Engine.PortForwards;

/// <summary>Opens connections to ports inside pods, over the Kubernetes API.</summary>
internal static class PortForwarder
{
    /// <summary>Dials a port as localhost of the pod sees it.</summary>
    /// <exception cref="IOException">The API server refused the port-forward.</exception>
    public static Task<Stream> DialAsync(
        IKubernetes client, string namespaceName, string podName, int port, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{client} {namespaceName} {podName} {port} {cancellationToken}");
}
