namespace Intercept.Testing;

/// <summary>Where the Kubernetes API is that a test works with.</summary>
public enum InterceptClusterKind
{
    /// <summary>A Kubernetes in the test process. It needs nothing installed and ends with the test run.</summary>
    Embedded,

    /// <summary>A cluster that a context of a kubeconfig file names.</summary>
    Kubeconfig,
}
