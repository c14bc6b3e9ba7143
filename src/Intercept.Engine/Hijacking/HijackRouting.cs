using System.Globalization;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Hijacking;

/// <summary>The routing that leads a Service to the proxy.</summary>
internal static class HijackRouting
{
    /// <summary>The proxy listens here for the first port, as in the original; for the next ones on 81, 82, …</summary>
    public const int FirstListenPort = 80;

    /// <summary>What the Service's selector and target ports become.</summary>
    public static ServiceRouting For(V1Service service, InterceptNames names, SelectorStyle style) => new(
        Selector(service, names, style),
        [.. service.ToRouting().Ports.Select((port, index) => port with { TargetPort = ListenPort(index).ToString(CultureInfo.InvariantCulture) })]);

    /// <summary>The port at which the proxy serves the Service's port of this index.</summary>
    public static int ListenPort(int index) => FirstListenPort + index;

    private static Dictionary<string, string> Selector(V1Service service, InterceptNames names, SelectorStyle style) =>
        style == SelectorStyle.Overlay
            ? service.Spec.Selector.Keys.ToDictionary(key => key, _ => $"{Labels.InterceptorApp}-{names.SessionHash[..16]}")
            : new Dictionary<string, string>
            {
                [Labels.App] = Labels.InterceptorApp,
                [Labels.Session] = names.SessionHash,
            };
}
