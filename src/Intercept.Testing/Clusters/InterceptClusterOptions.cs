using Intercept.Embedded;
using Intercept.Engine.Guarding;

namespace Intercept.Testing;

/// <summary>Which cluster a test works with, and what shall be there. What is set here wins over the environment.</summary>
public sealed record InterceptClusterOptions
{
    /// <summary>
    /// The kind of cluster. The default is <see cref="InterceptClusterKind.Kubeconfig"/> where <see cref="Context"/> or
    /// <see cref="KubeconfigFile"/> is set, otherwise what the environment variable <c>INTERCEPT_CLUSTER</c> says
    /// (<c>embedded</c>, <c>kubeconfig</c> or <c>kubeconfig:CONTEXT</c>), otherwise <see cref="InterceptClusterKind.Embedded"/>.
    /// </summary>
    public InterceptClusterKind? Kind { get; init; }

    /// <summary>The kubeconfig context to use. The default is the file's own <c>current-context</c>; without one, connecting fails.</summary>
    public string? Context { get; init; }

    /// <summary>The kubeconfig file. The default is what <c>KUBECONFIG</c> names, otherwise <c>~/.kube/config</c>.</summary>
    public string? KubeconfigFile { get; init; }

    /// <summary>
    /// Whether a context that looks like production (<c>prod</c>, <c>production</c> or <c>live</c> as a word in the context's or
    /// the cluster's name) may be used. The default is <see langword="false"/>, unless the environment says
    /// <c>INTERCEPT_ALLOW_PRODUCTION=1</c>.
    /// </summary>
    public bool AllowProduction { get; init; }

    /// <summary>
    /// Says how an embedded cluster shall be, above all which programs stand for which images:
    /// <c>embedded => embedded.Images.Add&lt;Leaf.Program&gt;("shop/leaf:1")</c>. The default adds nothing.
    /// </summary>
    public Action<EmbeddedClusterOptions>? ConfigureEmbedded { get; init; }

    /// <summary>
    /// YAML files, and folders of them, to apply once connected; connecting ends when their Deployments are available.
    /// They are always applied to an embedded cluster, to any other only with <see cref="ApplyManifests"/>. The default is none.
    /// </summary>
    public IReadOnlyList<string> Manifests { get; init; } = [];

    /// <summary>
    /// Whether <see cref="Manifests"/> are also applied to a cluster from a kubeconfig, where they stay afterwards.
    /// The default is <see langword="false"/>.
    /// </summary>
    public bool ApplyManifests { get; init; }

    /// <summary>How long the Deployments of <see cref="Manifests"/> may take to become available. The default is 2 minutes.</summary>
    public TimeSpan ManifestsReady { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the first answer of a cluster from a kubeconfig may take. The default is 5 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether connecting to a cluster from a kubeconfig closes what ended processes have left there, as <see cref="InterceptCluster.SweepAsync"/>
    /// does. Where the account may not look, or something can't be closed, the progress says so and connecting goes on. The default is
    /// <see langword="true"/>.
    /// </summary>
    public bool SweepAtConnect { get; init; } = true;

    /// <summary>Hears of each step, on the thread that took it; also of the sessions' steps where they name no listener of their own. The default is nobody.</summary>
    public IProgress<InterceptStep>? Progress { get; init; }

    /// <summary>The clock. The default is <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Which layers clean up after this process, where the cluster outlives it: for tests of each of them alone.</summary>
    internal InterceptLayers Layers { get; init; } = new();
}
