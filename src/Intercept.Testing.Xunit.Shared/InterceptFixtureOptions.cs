namespace Intercept.Testing.Xunit;

/// <summary>What a fixture intercepts, and where.</summary>
public sealed class InterceptFixtureOptions
{
    /// <summary>The Service to intercept, as <c>namespace/name</c>. There is no default.</summary>
    public string Service { get; set; } = string.Empty;

    /// <summary>The cluster, unless the fixture was given one. The default is what <c>INTERCEPT_CLUSTER</c> names, otherwise an embedded one.</summary>
    public InterceptClusterOptions Cluster { get; set; } = new();

    /// <summary>How the intercept shall be. The default holder is the fixture's class.</summary>
    public InterceptOptions Intercept { get; set; } = new();
}
