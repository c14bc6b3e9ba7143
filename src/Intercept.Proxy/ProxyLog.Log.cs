namespace Intercept.Proxy;

/// <summary>What the proxy's pod logs.</summary>
internal static partial class ProxyLog
{
    [LoggerMessage(1, LogLevel.Information, "In front of {Service}, decoy {Decoy}, as {Pod} ({Instance}).")]
    public static partial void Started(ILogger logger, string service, string decoy, string pod, string instance);

    [LoggerMessage(2, LogLevel.Information, "Session {Session} attached.")]
    public static partial void Attached(ILogger logger, string session);

    [LoggerMessage(3, LogLevel.Warning, "An attach of session {Session} was refused: {Code}: {Message}")]
    public static partial void AttachRefused(ILogger logger, string session, string code, string message);

    [LoggerMessage(4, LogLevel.Information, "Session {Session} left.")]
    public static partial void Left(ILogger logger, string session);

    [LoggerMessage(5, LogLevel.Warning, "The tunnel of session {Session} is lost; its rules live on for {TimeToLive}.")]
    public static partial void Lost(ILogger logger, string session, TimeSpan timeToLive);

    [LoggerMessage(6, LogLevel.Warning, "Session {Session} did not come back: its rules are off.")]
    public static partial void Expired(ILogger logger, string session);

    [LoggerMessage(7, LogLevel.Warning, "The control stream of session {Session} ended: {Reason}")]
    public static partial void ControlEnded(ILogger logger, string session, string reason);

    [LoggerMessage(8, LogLevel.Warning, "Port {Port} could not pass a connection on: {Reason}")]
    public static partial void TcpFailed(ILogger logger, string port, string reason);

    [LoggerMessage(9, LogLevel.Error, "{Command} failed.")]
    public static partial void CommandFailed(ILogger logger, string command, Exception exception);

    [LoggerMessage(10, LogLevel.Warning, "Session {Session} is being closed by others: its rules are off.")]
    public static partial void Closed(ILogger logger, string session);
}
