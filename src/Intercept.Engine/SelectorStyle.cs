namespace Intercept;

/// <summary>How a hijacked Service selects the proxy's pods.</summary>
public enum SelectorStyle
{
    /// <summary><see cref="Overlay"/> where the Service shows that somebody re-applies it (kubectl apply, Helm, Argo CD, Flux), else <see cref="Original"/>. The default.</summary>
    Auto,

    /// <summary>As the original Intercept does: <c>app: interceptor</c> and <c>system.codezero.io/session</c>.</summary>
    Original,

    /// <summary>
    /// The keys of the Service's own selector with our values: an unchanged <c>kubectl apply</c> of the owner's manifest is then
    /// a clean revert, not a mixture of keys that matches no pod.
    /// </summary>
    Overlay,
}
