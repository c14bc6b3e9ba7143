using Intercept.Embedded.ApiServer.Storage;
using Intercept.Simulation.Tests.Scheduling;

namespace Intercept.Simulation.Tests.Cluster.Controllers;

/// <summary>
/// What makes a cluster out of an API server. Each controller looks at everything after a change, a moment that the scheduler
/// chooses later: until then the others see the old state.
/// </summary>
internal sealed class ControllerSet
{
    private readonly Scheduler _scheduler;
    private readonly (Func<StoreEvent, bool> Concerns, Action Reconcile)[] _controllers;
    private readonly bool[] _pending;

    public ControllerSet(Scheduler scheduler, SimulatedCluster cluster)
    {
        _scheduler = scheduler;
        Pods = new PodController(cluster);
        var slices = new SliceController(cluster);
        var garbage = new GarbageController(cluster);
        var namespaces = new NamespaceController(cluster);
        DataPath = new DataPath(cluster);
        _controllers =
        [
            (change => change.Table.Resource.Plural is "deployments" or "pods", Pods.Reconcile),
            (change => change.Table.Resource.Plural is "services" or "pods", slices.Reconcile),
            (GarbageController.Concerns, garbage.Reconcile),
            (namespaces.Concerns, namespaces.Reconcile),
            (change => change.Table.Resource.Plural is "endpointslices", DataPath.Sync),
        ];
        _pending = new bool[_controllers.Length];
        cluster.Store.Changed += Note;
    }

    public PodController Pods { get; }

    public DataPath DataPath { get; }

    /// <summary>How much longer than usual the controllers take; 0 lets them follow each write at once.</summary>
    public double Slowness { get; set; } = 1;

    /// <summary>Whether nobody has anything left to do.</summary>
    public bool AreAtRest => !_pending.Contains(true);

    /// <summary>Brings everything up to date at once, before a schedule begins.</summary>
    public void ReconcileAll()
    {
        foreach (var (_, reconcile) in _controllers)
        {
            reconcile();
        }
    }

    // Under the store's lock: only takes note.
    private void Note(StoreEvent change)
    {
        for (var index = 0; index < _controllers.Length; index++)
        {
            if (!_pending[index] && _controllers[index].Concerns(change))
            {
                _pending[index] = true;
                var controller = index;
                _scheduler.After(_scheduler.Latency() * Slowness, null, () =>
                {
                    _pending[controller] = false;
                    _controllers[controller].Reconcile();
                });
            }
        }
    }
}
