using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Intercept.Embedded.ApiServer;
using k8s;
using k8s.Models;

namespace Intercept.Embedded.Tests;

internal sealed class FakeApi : ILocalApi
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(Type, string, string), (string Json, object Object)> _objects = new(Comparer<(Type, string, string)>.Create((l, r) =>
        string.CompareOrdinal($"{l.Item1.Name}/{l.Item2}/{l.Item3}", $"{r.Item1.Name}/{r.Item2}/{r.Item3}")));
    private readonly List<Action<Type, WatchEventType, string>> _watchers = [];
    private long _version;
    private int _names;

    public T? Get<T>(string? namespaceName, string name) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        lock (_lock) { return _objects.TryGetValue((typeof(T), namespaceName ?? "", name), out var found) ? KubernetesJson.Deserialize<T>(found.Json) : null; }
    }

    public IReadOnlyList<T> List<T>(string? namespaceName = null, string? labelSelector = null) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        lock (_lock) { return [.. _objects.Where(o => o.Key.Item1 == typeof(T) && (namespaceName is null || o.Key.Item2 == namespaceName)).Select(o => KubernetesJson.Deserialize<T>(o.Value.Json))]; }
    }

    public T Create<T>(T resource) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        lock (_lock)
        {
            resource.Metadata.Name ??= resource.Metadata.GenerateName + (++_names);
            var key = Key(resource);
            if (_objects.ContainsKey(key)) throw new InvalidOperationException("AlreadyExists " + key);
            resource.Metadata.Uid = Guid.NewGuid().ToString();
            resource.Metadata.Generation = 1;
            resource.Metadata.CreationTimestamp = DateTime.UtcNow;
            if (resource is V1Service { Spec.ClusterIP: null } service) service.Spec.ClusterIP = $"10.96.0.{++_names}";
            return Put(resource, WatchEventType.Added);
        }
    }

    public T Update<T>(T resource) where T : class, IKubernetesObject<V1ObjectMeta> => Change(resource, true);

    public T UpdateStatus<T>(T resource) where T : class, IKubernetesObject<V1ObjectMeta> => Change(resource, false);

    public bool Delete<T>(string? namespaceName, string name, string? uid = null, long? gracePeriodSeconds = null) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        lock (_lock)
        {
            if (Get<T>(namespaceName, name) is not { } found || (uid is not null && found.Metadata.Uid != uid)) return false;
            if (found is V1Pod && gracePeriodSeconds != 0)
            {
                found.Metadata.DeletionTimestamp ??= DateTime.UtcNow;
                Put(found, WatchEventType.Modified);
                return true;
            }

            _objects.Remove(Key(found));
            var json = KubernetesJson.Serialize(found);
            _watchers.ForEach(w => w(typeof(T), WatchEventType.Deleted, json));
            return true;
        }
    }

    public async IAsyncEnumerable<ObjectEvent<T>> WatchAsync<T>([EnumeratorCancellation] CancellationToken cancellationToken) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var events = Channel.CreateUnbounded<(WatchEventType, string)>();
        lock (_lock)
        {
            foreach (var o in _objects.Where(o => o.Key.Item1 == typeof(T))) events.Writer.TryWrite((WatchEventType.Added, o.Value.Json));
            _watchers.Add((type, kind, json) => { if (type == typeof(T)) events.Writer.TryWrite((kind, json)); });
        }

        await foreach (var (kind, json) in events.Reader.ReadAllAsync(cancellationToken)) yield return new(kind, KubernetesJson.Deserialize<T>(json));
    }

    private T Change<T>(T resource, bool spec) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        lock (_lock)
        {
            var old = Get<T>(resource.Metadata.NamespaceProperty, resource.Metadata.Name) ?? throw new InvalidOperationException("404");
            if (old.Metadata.ResourceVersion != resource.Metadata.ResourceVersion) throw new InvalidOperationException("Conflict");
            if (spec) resource.Metadata.Generation++;
            return Put(resource, WatchEventType.Modified);
        }
    }

    private T Put<T>(T resource, WatchEventType kind) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        resource.Metadata.ResourceVersion = (++_version).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var json = KubernetesJson.Serialize(resource);
        _objects[Key(resource)] = (json, resource);
        _watchers.ForEach(w => w(typeof(T), kind, json));
        return KubernetesJson.Deserialize<T>(json);
    }

    private static (Type, string, string) Key<T>(T resource) where T : class, IKubernetesObject<V1ObjectMeta> => (typeof(T), resource.Metadata.NamespaceProperty ?? "", resource.Metadata.Name);
}
