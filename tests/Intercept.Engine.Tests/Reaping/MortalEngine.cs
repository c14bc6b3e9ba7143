using Intercept.Engine.Api;
using Intercept.Engine.Guarding;
using Intercept.Engine.PortForwards;
using Intercept.Engine.Tests.Worlds;
using Intercept.Engine.Tunnels;
using Intercept.Proxy.Protocol;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Tests.Reaping;

/// <summary>
/// An engine that can die like a killed process: its connections end, and from one moment to the next it neither calls nor
/// dials any more.
/// </summary>
internal sealed class MortalEngine : IAsyncDisposable
{
    private readonly List<Stream> _connections = [];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _death = new();
    private readonly InterceptEngine _engine;
    private readonly List<Interception> _interceptions = [];

    public MortalEngine(EngineWorld world, IClusterApi? api = null, InterceptLayers? layers = null) => _engine = new InterceptEngine(
        new ClusterConnection(
            new MortalApi(api ?? world.Api, _death.Token),
            new TunnelConnector(async (namespaceName, pod, port, token) =>
            {
                ThrowIfDead();
                return Keep(await PortForwarder.DialAsync(world.Client, namespaceName, pod, port, token));
            }).ConnectAsync,
            () => new ServicePortForwardHandler(world.Client)),
        TimeProvider.System,
        layers: layers);

    public async Task<Interception> OpenAsync(InterceptPlan plan)
    {
        var interception = await _engine.OpenAsync(plan, null, TestContext.Current.CancellationToken);
        _interceptions.Add(interception);
        return interception;
    }

    /// <summary>Ends it without a goodbye to anybody.</summary>
    public void Die()
    {
        _death.Cancel();
        lock (_gate)
        {
            _connections.ForEach(connection => connection.Dispose());
        }
    }

    /// <summary>Ends what still runs in this process; the cluster hears nothing of it.</summary>
    public async ValueTask DisposeAsync()
    {
        Die();
        foreach (var interception in _interceptions)
        {
            await interception.DisposeAsync();
        }

        _death.Dispose();
    }

    private void ThrowIfDead()
    {
        if (_death.IsCancellationRequested)
        {
            throw new IOException("The process has ended.");
        }
    }

    private Stream Keep(Stream connection)
    {
        lock (_gate)
        {
            _connections.Add(connection);
        }

        return connection;
    }

    private sealed class MortalApi(IClusterApi inner, CancellationToken death) : IClusterApi
    {
        public Task<T?> FindAsync<T>(string? namespaceName, string name, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> =>
            CallAsync(token => inner.FindAsync<T>(namespaceName, name, token), cancellationToken);

        public Task<T?> FindMetadataAsync<T>(string? namespaceName, string name, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> =>
            CallAsync(token => inner.FindMetadataAsync<T>(namespaceName, name, token), cancellationToken);

        public Task<IReadOnlyList<T>> ListAsync<T>(string? namespaceName, string? labelSelector, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> =>
            CallAsync(token => inner.ListAsync<T>(namespaceName, labelSelector, token), cancellationToken);

        public Task<T> CreateAsync<T>(T resource, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> =>
            CallAsync(token => inner.CreateAsync(resource, token), cancellationToken);

        public Task<T> PatchAsync<T>(string? namespaceName, string name, JsonPatch patch, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> =>
            CallAsync(token => inner.PatchAsync<T>(namespaceName, name, patch, token), cancellationToken);

        public Task<T> PatchStatusAsync<T>(string? namespaceName, string name, object mergePatch, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> =>
            CallAsync(token => inner.PatchStatusAsync<T>(namespaceName, name, mergePatch, token), cancellationToken);

        public Task<bool> DeleteAsync<T>(T resource, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> =>
            CallAsync(token => inner.DeleteAsync(resource, token), cancellationToken);

        public Task<IReadOnlyList<T>> WaitAsync<T>(
            string namespaceName, string? labelSelector, Func<IReadOnlyList<T>, bool> condition, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> =>
            CallAsync(token => inner.WaitAsync(namespaceName, labelSelector, condition, token), cancellationToken);

        private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(death, cancellationToken);
            try
            {
                death.ThrowIfCancellationRequested();
                return await call(linked.Token);
            }
            catch (OperationCanceledException exception) when (death.IsCancellationRequested)
            {
                throw new ApiException("a call of a process that has ended", exception);
            }
        }
    }
}
