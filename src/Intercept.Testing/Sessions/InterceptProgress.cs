using System.Globalization;

namespace Intercept.Testing;

/// <summary>Steps of an intercept as lines of text.</summary>
public static class InterceptProgress
{
    /// <summary>A listener that writes one line per step, such as <c>[intercept 00:01.234] proxy ready</c>, in the order of the steps.</summary>
    /// <param name="writeLine">Takes a line, for example <c>Console.WriteLine</c> or a test output's <c>WriteLine</c>. It is called on any thread, one call at a time.</param>
    public static IProgress<InterceptStep> To(Action<string> writeLine)
    {
        ArgumentNullException.ThrowIfNull(writeLine);
        return new LineProgress(writeLine);
    }

    /// <summary>The line for one step.</summary>
    internal static string Format(InterceptStep step) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"[intercept {(int)step.Elapsed.TotalMinutes:00}:{step.Elapsed.Seconds:00}.{step.Elapsed.Milliseconds:000}] {step.Text}");

    // Progress<T> would post to the thread pool, where the lines lose their order and may come after the test has ended.
    private sealed class LineProgress(Action<string> writeLine) : IProgress<InterceptStep>
    {
        private readonly Lock _gate = new();

        public void Report(InterceptStep value)
        {
            lock (_gate)
            {
                writeLine(Format(value));
            }
        }
    }
}
