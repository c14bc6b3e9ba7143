namespace Intercept;

/// <summary>
/// Another intercept has claimed the same requests. It goes on untouched; the message names its owner, age and run.
/// </summary>
public sealed class InterceptClaimedException : InterceptException
{
    internal InterceptClaimedException(string message)
        : base(message)
    {
    }
}
