using Microsoft.Extensions.Logging;

namespace Intercept.HeaderPropagation;

internal static partial class HeaderSelectionLog
{
    [LoggerMessage(1, LogLevel.Warning, "A value of header {Name} is not propagated: it holds characters other than visible ASCII, which HttpClient refuses to send.")]
    public static partial void LeftOut(this ILogger logger, string name);
}
