using System.Net;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Network;

internal static partial class NetworkLog
{
    [LoggerMessage(1, LogLevel.Debug, "A connection through the Service port at {Listener} to {Backend} ended: {Why}")]
    public static partial void ConnectionFailed(ILogger logger, IPEndPoint listener, IPEndPoint? backend, string why);
}
