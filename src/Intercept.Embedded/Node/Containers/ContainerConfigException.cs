namespace Intercept.Embedded.Node.Containers;

/// <summary>A container can't be started yet; the kubelet shows why in its waiting state and tries again.</summary>
internal sealed class ContainerConfigException(string reason, string message) : Exception(message)
{
    /// <summary>One of the kubelet's reasons: ErrImagePull, CreateContainerConfigError, ContainerCreating….</summary>
    public string Reason { get; } = reason;
}
