namespace Intercept;

/// <summary>
/// An intercept could not be opened, kept or closed. The message tells what was being done, what was found, what to try,
/// and what, if anything, is left in the cluster.
/// </summary>
public class InterceptException : Exception
{
    /// <summary>A failure that tells its whole story in the message.</summary>
    public InterceptException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with its cause.</summary>
    public InterceptException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
