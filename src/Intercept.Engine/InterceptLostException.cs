namespace Intercept;

/// <summary>
/// An intercept ended while it was open, or being opened, without its own doing: somebody closed it, took the Service back or
/// deleted what it needs. The message tells what changed, when and by whom as far as the cluster knows it.
/// </summary>
public sealed class InterceptLostException : InterceptException
{
    internal InterceptLostException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Somebody else closes the participant, because its heartbeat had stopped or on request.</summary>
    internal static InterceptLostException Fenced(ServiceReference service, string session) => new(
        $"Session {session} on Service {service} is being closed by somebody else: its heartbeat had not changed for its time to live "
        + "(a process that was stopped, a laptop that slept, an API server out of reach), or a person or another run closed it. "
        + "This intercept hijacks nothing any more. Open a new one.");
}
