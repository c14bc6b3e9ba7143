using System.Net.WebSockets;
using k8s;
using k8s.Autorest;

namespace Intercept.Engine.PortForwards;

/// <summary>Opens connections to ports inside pods, over the Kubernetes API.</summary>
internal static class PortForwarder
{
    private const string Protocol = "v4.channel.k8s.io";

    /// <summary>
    /// Dials a port as localhost of the pod sees it. A port that nobody listens on shows only when the stream is read:
    /// the kubelet dials after it has answered.
    /// </summary>
    /// <exception cref="IOException">The API server refused the port-forward; the message tells the rights that it takes.</exception>
    public static async Task<Stream> DialAsync(
        IKubernetes client, string namespaceName, string podName, int port, CancellationToken cancellationToken)
    {
        try
        {
            var socket = await client.WebSocketNamespacedPodPortForwardAsync(
                podName, namespaceName, [port], Protocol, cancellationToken: cancellationToken);
            return new PortForwardStream(socket, $"{namespaceName}/{podName}:{port}");
        }
        catch (Exception exception) when (exception is WebSocketException or HttpOperationException or KubernetesException)
        {
            throw new IOException(
                $"Port-forward to {namespaceName}/{podName}:{port} was refused: {exception.Message} "
                + "It takes a running pod and the right to get and create pods/portforward.",
                exception);
        }
    }
}
