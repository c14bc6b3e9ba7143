using k8s.Models;

namespace Intercept.Engine.Hijacking;

/// <summary>How a hijacked Service selects the proxy's pods.</summary>
internal enum SelectorStyle
{
    /// <summary>As the original does: <c>app: interceptor</c> and <c>system.codezero.io/session</c>.</summary>
    Original,

    /// <summary>
    /// The keys of the Service's own selector with our values: an unchanged <c>kubectl apply</c> of the owner's manifest is then
    /// a clean revert, not a mixture of keys that matches no pod.
    /// </summary>
    Overlay,
}

/// <summary>Chooses the style.</summary>
internal static class SelectorStyles
{
    private static readonly string[] AppliedMarks =
    [
        "kubectl.kubernetes.io/last-applied-configuration",
        "meta.helm.sh/release-name",
        "argocd.argoproj.io/tracking-id",
        "kustomize.toolkit.fluxcd.io/name",
    ];

    /// <summary>Overlay where the Service shows that somebody re-applies it; the original's selector otherwise.</summary>
    public static SelectorStyle For(V1Service service)
    {
        var marks = (service.Metadata.Annotations?.Keys ?? []).Concat(service.Metadata.Labels?.Keys ?? []);
        var applied = marks.Any(AppliedMarks.Contains)
            || (service.Metadata.Labels?.TryGetValue(Labels.ManagedBy, out var manager) == true && manager == "Helm")
            || service.Metadata.ManagedFields?.Any(entry => entry.Operation == "Apply") == true;
        return applied ? SelectorStyle.Overlay : SelectorStyle.Original;
    }
}
