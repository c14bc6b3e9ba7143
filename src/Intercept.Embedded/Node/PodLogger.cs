using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Node;

/// <summary>Takes the place of the console: what a container logs is its pod's log.</summary>
internal sealed class PodLoggerProvider(PodLog log) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, log);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, PodLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = $"{Short(logLevel)}: {category}[{eventId.Id}]\n      {formatter(state, exception).ReplaceLineEndings("\n      ")}";
            log.Write(exception is null ? text : $"{text}\n      {exception.ToString().ReplaceLineEndings("\n      ")}");
        }

        private static string Short(LogLevel level) => level switch
        {
            LogLevel.Trace => "trce",
            LogLevel.Debug => "dbug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
    }
}
