namespace Intercept.Engine.Opening;

/// <summary>Opens a byte stream to a port on a pod's loopback, through the Kubernetes API.</summary>
internal delegate Task<Stream> PodDialer(string namespaceName, string podName, int port, CancellationToken cancellationToken);
