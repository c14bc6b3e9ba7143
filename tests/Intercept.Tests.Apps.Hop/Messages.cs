namespace Intercept.Tests.Apps.Hop;

internal static partial class Messages
{
    [LoggerMessage(1, LogLevel.Information, "{Text}")]
    public static partial void Said(ILogger logger, string text);
}
