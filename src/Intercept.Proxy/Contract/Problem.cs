namespace Intercept.Proxy.Contract;

/// <summary>Why the proxy refused something.</summary>
internal sealed class Problem(string code, string message, string advice)
{
    /// <summary>One of <see cref="ProblemCodes"/>.</summary>
    public string Code => code;

    /// <summary>What was found.</summary>
    public string Message => message;

    /// <summary>What to try.</summary>
    public string Advice => advice;
}
