using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Intercept.Testing.Recording;

/// <summary>The calls of one session: the latest ones, in order of arrival, and those who wait for them.</summary>
internal sealed class CallLog(ServiceReference service, HeaderRule rule, int maxCalls, int maxBodyBytes, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<CallRecording> _calls = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _ended;
    private int _arrived;

    public int Dropped
    {
        get
        {
            lock (_gate)
            {
                return _arrived - _calls.Count;
            }
        }
    }

    public IReadOnlyList<RecordedCall> Snapshot() => [.. Recordings().Select(call => call.Snapshot())];

    public CallRecording Begin(HttpContext context)
    {
        lock (_gate)
        {
            var recording = new CallRecording(++_arrived, context, maxBodyBytes, time);
            _calls.Enqueue(recording);
            if (_calls.Count > maxCalls)
            {
                _calls.Dequeue();
            }

            SignalChange();
            return recording;
        }
    }

    public void Complete(CallRecording recording, HttpResponse response, Exception? thrown)
    {
        recording.Complete(response, thrown);
        lock (_gate)
        {
            SignalChange();
        }
    }

    /// <summary>No more calls will come: those who wait get <paramref name="reason"/>, now and later.</summary>
    public void End(Exception reason)
    {
        lock (_gate)
        {
            _ended ??= reason;
            SignalChange();
        }
    }

    /// <summary>The first <paramref name="count"/> calls that match, as soon as there are so many.</summary>
    public async Task<IReadOnlyList<RecordedCall>> WaitAsync(
        int count, bool completedOnly, Func<RecordedCall, bool>? predicate, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (count > maxCalls)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count), count, $"The session keeps its latest {maxCalls} calls only. Raise {nameof(InterceptOptions)}.{nameof(InterceptOptions.MaxRecordedCalls)}.");
        }

        using var deadline = new CancellationTokenSource(Debugger.IsAttached ? Timeout.InfiniteTimeSpan : timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        while (true)
        {
            Task changed;
            Exception? ended;
            lock (_gate)
            {
                (changed, ended) = (_changed.Task, _ended);
            }

            var matching = Recordings()
                .Where(call => !completedOnly || call.IsCompleted)
                .Select(call => call.Snapshot())
                .Where(call => predicate?.Invoke(call) ?? true)
                .Take(count)
                .ToList();
            if (matching.Count == count)
            {
                return matching;
            }

            if (ended is not null)
            {
                throw new InterceptException($"Waiting for {Wanted(count, predicate)} ended: {ended.Message}", ended);
            }

            try
            {
                await changed.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new InterceptException(TimeoutMessage(count, predicate, timeout, matching.Count));
            }
        }
    }

    private CallRecording[] Recordings()
    {
        lock (_gate)
        {
            return [.. _calls];
        }
    }

    private void SignalChange()
    {
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private string Wanted(int count, Func<RecordedCall, bool>? predicate) =>
        (count == 1 ? "a call" : $"{count} calls") + $" to {service} with {rule}" + (predicate is null ? string.Empty : ", for which the predicate holds,");

    private string TimeoutMessage(int count, Func<RecordedCall, bool>? predicate, TimeSpan timeout, int matched)
    {
        var calls = Snapshot();
        var found = calls.Count == 0
            ? $"No call with {rule} has arrived at all. Does every service on the way pass the header on? "
                + "(See Intercept.HeaderPropagation, and docs/header-propagation.md for other ways.)"
            : $"{matched} of {calls.Count} calls matched. These have arrived:{Environment.NewLine}{CallTable.Format(calls, Dropped)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"No luck within {timeout.TotalSeconds:0.###} s in waiting for {Wanted(count, predicate).TrimEnd(',')} (parameter 'timeout' of the wait gives it longer). {found}");
    }
}
