using System.Collections.Immutable;
using Intercept.Embedded.ApiServer.Storage;
using Intercept.Embedded.Faults.Kinds;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.Faults;

/// <summary>
/// What goes wrong with the Kubernetes API, at a test's wish. The rules concern calls that come over HTTP: of the test, of programs in
/// pods, of <see cref="EmbeddedCluster.ApplyAsync"/> (whose User-Agent is <c>intercept-embedded</c>). The cluster's own
/// controllers and its kubelet do not notice. Rules are asked in the order in which they were added; one that answers or cuts a call
/// before it is applied hides it from those after it.
/// </summary>
public sealed class ApiFaults
{
    private readonly ObjectStore _store;
    private readonly TimeProvider _time;
    private readonly RunningWatches _watches = new();
    private ImmutableList<InjectedFault> _rules = [];

    internal ApiFaults(ObjectStore store, TimeProvider time)
    {
        _store = store;
        _time = time;
    }

    internal RunningWatches Watches => _watches;

    /// <summary>Lets a fault happen from now on, until the returned object is disposed.</summary>
    /// <param name="rule">What happens to which calls.</param>
    public InjectedFault Add(ApiFaultRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var fault = new InjectedFault(this, rule, _time);
        ImmutableInterlocked.Update(ref _rules, rules => rules.Add(fault));
        return fault;
    }

    /// <summary>The state of all objects now, for <see cref="ApiFault.ReadFrom"/>.</summary>
    public ApiMoment TakeMoment()
    {
        var (objects, revision) = _store.Capture();
        return new ApiMoment(objects, revision);
    }

    /// <summary>Ends watches that run now, as their time-out would.</summary>
    /// <param name="which">Which of them; null for all.</param>
    /// <param name="expired">Whether they end with an ERROR event, Status 410 Expired, so that the client must list again.</param>
    /// <returns>How many there were.</returns>
    public int EndWatches(ApiCallFilter? which = null, bool expired = false) => _watches.End(which ?? new ApiCallFilter(), expired);

    /// <summary>Takes all rules away.</summary>
    public void Clear()
    {
        foreach (var fault in Volatile.Read(ref _rules))
        {
            fault.Dispose();
        }
    }

    internal void Remove(InjectedFault fault) => ImmutableInterlocked.Update(ref _rules, rules => rules.Remove(fault));

    internal Task InvokeAsync(HttpContext context, RequestDelegate server, CancellationToken stopping)
    {
        var call = ApiCall.Of(context);
        context.Features.Set(call);
        return RunAsync(context, call, Volatile.Read(ref _rules), server, stopping);
    }

    /// <summary>What becomes of an event that a watch is about to send.</summary>
    internal WatchEventFate FateOf(ApiCall watch, StoredObject item)
    {
        foreach (var fault in Volatile.Read(ref _rules))
        {
            if (fault.Rule.Fault is not WatchEventFault { Fate: var fate })
            {
                continue;
            }

            var happening = watch with { Namespace = item.Namespace, Name = item.Name };
            if (fault.Rule.Calls.Matches(happening) && fault.Take())
            {
                fault.Note(happening);
                return fate;
            }
        }

        return WatchEventFate.Sent;
    }

    private static Task RunAsync(HttpContext context, ApiCall call, ImmutableList<InjectedFault> rules, RequestDelegate server, CancellationToken stopping)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            var fault = rules[i];
            if (fault.Rule.Fault.Concerns(call) && fault.Rule.Calls.Matches(call) && fault.Take())
            {
                var rest = rules.RemoveRange(0, i + 1);
                return fault.Rule.Fault.ApplyAsync(new FaultedCall(context, call, fault, next => RunAsync(next, call, rest, server, stopping), stopping));
            }
        }

        return server(context);
    }
}
