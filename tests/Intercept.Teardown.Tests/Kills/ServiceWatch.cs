using System.Diagnostics;
using System.Text.Json.Nodes;
using Intercept.Embedded;
using k8s;
using k8s.Models;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>
/// Notes, as the API tells it, when a Service led where it did before, and when all of it was as before: a fence may stay on it a
/// little longer.
/// </summary>
internal sealed class ServiceWatch : IAsyncDisposable
{
    private readonly string _service;
    private readonly string _original;
    private readonly string _spec;
    private readonly CancellationTokenSource _ended = new();
    private readonly List<State> _history = [];
    private readonly Task _watching;
    private TaskCompletionSource _changed = NewSignal();

    public ServiceWatch(EmbeddedCluster cluster, string service)
    {
        _service = service;
        var live = cluster.Api.Get<V1Service>(KillWorld.Namespace, service)!;
        _original = Describe(live);
        _spec = KubernetesJson.Serialize(live.Spec);
        _watching = WatchAsync(cluster, _ended.Token);
    }

    /// <summary>Whether the Service leads where it did before, as far as the API has told.</summary>
    public bool LeadsBack
    {
        get
        {
            lock (_history)
            {
                return _history is [.., { LeadsBack: true }];
            }
        }
    }

    /// <summary>Waits until the Service is as it was.</summary>
    public async Task WaitUntilRestoredAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_history)
            {
                if (_history.Count > 0 && _history[^1].IsOriginal)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// How long after a moment the Service led where it did before, and stayed so; zero where it did at that moment already. To be
    /// asked when all is over.
    /// </summary>
    public TimeSpan RestoredAfter(long moment)
    {
        lock (_history)
        {
            var last = _history.FindLastIndex(state => !state.LeadsBack);
            var back = last < 0 ? moment : _history[last + 1].At;
            return back > moment ? Stopwatch.GetElapsedTime(moment, back) : TimeSpan.Zero;
        }
    }

    /// <summary>What is different now.</summary>
    public string Difference()
    {
        lock (_history)
        {
            return $"was: {_original}{Environment.NewLine}is:  {_history[^1].Text}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _watching;
        _ended.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All of a Service that an intercept must not leave changed.</summary>
    private static string Describe(V1Service service)
    {
        var json = JsonNode.Parse(KubernetesJson.Serialize(service))!.AsObject();
        json["metadata"]!.AsObject().Remove("resourceVersion");
        json["metadata"]!.AsObject().Remove("managedFields");
        return json.ToJsonString();
    }

    private async Task WatchAsync(EmbeddedCluster cluster, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in cluster.Api.WatchAsync<V1Service>(cancellationToken))
            {
                if (change.Object.Metadata.Name == _service)
                {
                    var text = Describe(change.Object);
                    lock (_history)
                    {
                        _history.Add(new State(Stopwatch.GetTimestamp(), KubernetesJson.Serialize(change.Object.Spec) == _spec, text == _original, text));
                        _changed.SetResult();
                        _changed = NewSignal();
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test has seen enough.
        }
    }

    private sealed record State(long At, bool LeadsBack, bool IsOriginal, string Text);
}
