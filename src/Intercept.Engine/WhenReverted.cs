namespace Intercept;

/// <summary>What to do when somebody else (a person, Argo CD, Flux, Helm, an operator) leads an intercepted Service back.</summary>
public enum WhenReverted
{
    /// <summary>Give the Service up: the intercept is lost, and the failure names the field manager. The default: two that write against each other help nobody.</summary>
    Yield,

    /// <summary>Hijack the Service again, up to 3 times, then give it up. What the other one wrote is what is restored in the end.</summary>
    Rehijack,
}
