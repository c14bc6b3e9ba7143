using System.Globalization;

namespace Intercept.Engine;

/// <summary>Collects the steps of an opening or a closing, and reports each as it happens.</summary>
internal sealed class StepLog(TimeProvider time, IProgress<InterceptStep>? progress)
{
    private readonly long _begun = time.GetTimestamp();
    private readonly List<InterceptStep> _steps = [];
    private readonly Lock _lock = new();

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<InterceptStep> Steps
    {
        get
        {
            lock (_lock)
            {
                return [.. _steps];
            }
        }
    }

    /// <summary>Time since the log began.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_begun);

    /// <summary>Notes what was just done or found.</summary>
    public void Add(string text)
    {
        var step = new InterceptStep(Elapsed, text);
        lock (_lock)
        {
            _steps.Add(step);
        }

        progress?.Report(step);
    }

    /// <summary>All steps, a line each, for a message.</summary>
    public override string ToString() => string.Join(
        Environment.NewLine,
        Steps.Select(step => string.Create(CultureInfo.InvariantCulture, $"  {step.Elapsed:mm\\:ss\\.fff} {step.Text}")));
}
