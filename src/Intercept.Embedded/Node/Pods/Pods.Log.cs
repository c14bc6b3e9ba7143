using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Node.Pods;

internal static partial class PodsLog
{
    [LoggerMessage(20, LogLevel.Warning, "Container {Container} of pod {Pod} has not ended within {Grace}: its thread goes on in this process, without its sockets")]
    public static partial void Abandoned(ILogger logger, string container, string pod, TimeSpan grace);

    [LoggerMessage(21, LogLevel.Debug, "An event about {Pod} could not be written")]
    public static partial void EventFailed(ILogger logger, string pod, Exception exception);

    [LoggerMessage(22, LogLevel.Warning, "The folder of pod {Pod} could not be deleted")]
    public static partial void FolderLeft(ILogger logger, string pod, Exception exception);

    [LoggerMessage(23, LogLevel.Error, "The kubelet has failed at pod {Pod}")]
    public static partial void WorkerFailed(ILogger logger, string pod, Exception exception);
}
