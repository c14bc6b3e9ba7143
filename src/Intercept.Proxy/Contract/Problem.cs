namespace Intercept.Proxy.Contract;

/// <summary>Why the proxy refused something.</summary>
/// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
/// <param name="Message">What was found.</param>
/// <param name="Advice">What to try.</param>
internal sealed record Problem(string Code, string Message, string Advice);
