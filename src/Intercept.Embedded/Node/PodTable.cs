using System.Collections.Concurrent;
using Intercept.Embedded.Node.Pods;

namespace Intercept.Embedded.Node;

/// <summary>The pods that are on the node now.</summary>
internal sealed class PodTable
{
    private readonly ConcurrentDictionary<string, PodWorker> _workers = new();

    public IEnumerable<PodWorker> All => _workers.Values;

    public PodWorker? Find(string uid) => _workers.GetValueOrDefault(uid);

    public PodWorker? Find(string namespaceName, string name) =>
        _workers.Values.FirstOrDefault(worker => worker.Pod.Metadata.NamespaceProperty == namespaceName && worker.Pod.Metadata.Name == name);

    public void Add(PodWorker worker) => _workers[worker.Pod.Metadata.Uid] = worker;

    public void Remove(string uid) => _workers.TryRemove(uid, out _);
}
