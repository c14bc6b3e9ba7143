namespace Intercept;

/// <summary>What requests that match an intercept get while its test process can't be reached.</summary>
public enum WhenLost
{
    /// <summary>Held up to 2 seconds for the tunnel to come back, then 503 with <c>x-intercept-error: tunnel-lost</c>. The default: a silent answer of the cluster would make a test pass for the wrong reason.</summary>
    Fail,

    /// <summary>Held up to 2 seconds for the tunnel to come back, then answered by the original pods.</summary>
    PassThrough,
}
