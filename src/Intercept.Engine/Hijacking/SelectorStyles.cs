using k8s.Models;

namespace Intercept.Engine.Hijacking;

/// <summary>Chooses how a Service selects the proxy's pods.</summary>
internal static class SelectorStyles
{
    private static readonly string[] AppliedMarks =
    [
        "kubectl.kubernetes.io/last-applied-configuration",
        "meta.helm.sh/release-name",
        "argocd.argoproj.io/tracking-id",
        "kustomize.toolkit.fluxcd.io/name",
    ];

    /// <summary>The style that was asked for; where none was, what the Service's marks suggest.</summary>
    public static SelectorStyle For(V1Service service, SelectorStyle asked)
    {
        if (asked != SelectorStyle.Auto)
        {
            return asked;
        }

        var marks = (service.Metadata.Annotations?.Keys ?? []).Concat(service.Metadata.Labels?.Keys ?? []);
        var applied = marks.Any(AppliedMarks.Contains)
            || (service.Metadata.Labels?.TryGetValue(Labels.ManagedBy, out var manager) == true && manager == "Helm")
            || service.Metadata.ManagedFields?.Any(entry => entry.Operation == "Apply") == true;
        return applied ? SelectorStyle.Overlay : SelectorStyle.Original;
    }
}
