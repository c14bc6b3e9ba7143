using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Background;

internal static partial class BackgroundLog
{
    [LoggerMessage(10, LogLevel.Error, "The loop '{Name}' of the embedded cluster has failed")]
    public static partial void LoopFailed(ILogger logger, string name, Exception exception);

    [LoggerMessage(11, LogLevel.Debug, "{Queue}: {Key} will be tried again in {Delay}")]
    public static partial void Retrying(ILogger logger, string queue, string key, TimeSpan delay, Exception exception);
}
