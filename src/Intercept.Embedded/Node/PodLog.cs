using System.Runtime.CompilerServices;

namespace Intercept.Embedded.Node;

/// <summary>What a container has written: the last lines of it, for whoever reads now or follows.</summary>
internal sealed class PodLog
{
    private const int Capacity = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private long _dropped;
    private bool _complete;
    private TaskCompletionSource _changed = NewSignal();

    public void Write(string text)
    {
        lock (_lock)
        {
            foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
            {
                _lines.Enqueue(line);
            }

            while (_lines.Count > Capacity)
            {
                _lines.Dequeue();
                _dropped++;
            }
        }

        Signal();
    }

    /// <summary>Nothing will be written any more: followers come to an end.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _complete = true;
        }

        Signal();
    }

    public IReadOnlyList<string> Tail(int count)
    {
        lock (_lock)
        {
            return [.. _lines.TakeLast(count)];
        }
    }

    public async IAsyncEnumerable<string> ReadAsync(bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var position = 0L; ;)
        {
            string[] fresh;
            Task changed;
            bool complete;
            lock (_lock)
            {
                fresh = [.. _lines.Skip((int)Math.Max(0, position - _dropped))];
                position = _dropped + _lines.Count;
                changed = _changed.Task;
                complete = _complete;
            }

            foreach (var line in fresh)
            {
                yield return line;
            }

            if (!follow || complete)
            {
                yield break;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Signal()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
