using Intercept.Proxy.Protocol;

namespace Intercept.Proxy.Reaping;

/// <summary>What the reaper logs.</summary>
internal static partial class ReaperLog
{
    [LoggerMessage(20, LogLevel.Warning, "Intercepts are not closed from here ({Reason}).")]
    public static partial void Off(ILogger logger, string reason);

    [LoggerMessage(21, LogLevel.Warning, "Session {Session} is closed: {Reason}.")]
    public static partial void Dead(ILogger logger, string session, string reason);

    [LoggerMessage(22, LogLevel.Information, "Session {Session} left the Service: {Departure}.")]
    public static partial void Left(ILogger logger, string session, Departure departure);

    [LoggerMessage(23, LogLevel.Information, "Nothing of session {Session} is left.")]
    public static partial void Closed(ILogger logger, string session);

    [LoggerMessage(24, LogLevel.Warning, "A look at the cluster failed; all counts begin anew.")]
    public static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(25, LogLevel.Warning, "Whether session {Session} lives can't be seen, so it is not closed from here: {Reason}")]
    public static partial void Hidden(ILogger logger, string session, string reason);
}
