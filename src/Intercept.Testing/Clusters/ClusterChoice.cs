namespace Intercept.Testing.Clusters;

/// <summary>Which cluster was asked for: options before environment before default.</summary>
internal sealed record ClusterChoice(InterceptClusterKind Kind, string? Context)
{
    public const string Variable = "INTERCEPT_CLUSTER";

    public static ClusterChoice Of(InterceptClusterOptions options, Func<string, string?> environment)
    {
        var namesContext = options.Context is not null || options.KubeconfigFile is not null;
        if (options.Kind == InterceptClusterKind.Embedded && namesContext)
        {
            throw new ArgumentException(
                $"{nameof(InterceptClusterOptions.Context)} and {nameof(InterceptClusterOptions.KubeconfigFile)} name a cluster from a kubeconfig, but {nameof(InterceptClusterOptions.Kind)} is {InterceptClusterKind.Embedded}: set one or the other.",
                nameof(options));
        }

        return options.Kind is { } kind ? new ClusterChoice(kind, options.Context)
            : namesContext ? new ClusterChoice(InterceptClusterKind.Kubeconfig, options.Context)
            : environment(Variable) is { } text && text.Trim().Length > 0 ? Parse(text.Trim())
            : new ClusterChoice(InterceptClusterKind.Embedded, null);
    }

    private static ClusterChoice Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (kind, rest) = colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..].Trim());
        return (kind.ToLowerInvariant(), rest) switch
        {
            ("embedded", null) => new ClusterChoice(InterceptClusterKind.Embedded, null),
            ("kubeconfig", null) => new ClusterChoice(InterceptClusterKind.Kubeconfig, null),
            ("kubeconfig", { Length: > 0 } context) => new ClusterChoice(InterceptClusterKind.Kubeconfig, context),
            ("k3s", _) => throw new InterceptException($"{Variable}={text}: an ephemeral k3s comes with package Intercept.K3s, which this test project does not use."),
            _ => throw new InterceptException($"{Variable}={text} names no cluster: write embedded, kubeconfig or kubeconfig:CONTEXT."),
        };
    }
}
