using Intercept.Embedded.ApiServer;
using Intercept.Embedded.Background;
using Intercept.Embedded.Controllers;
using Intercept.Embedded.Network;
using Intercept.Embedded.Node;
using Intercept.Embedded.Node.Containers;
using Intercept.Embedded.Node.Volumes;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded;

/// <summary>All that makes a cluster of an API server: controllers, kubelet, kube-proxy, names.</summary>
internal sealed class ClusterRuntime : IAsyncDisposable
{
    private readonly ClusterNetwork _network;
    private readonly BackgroundTasks _loops;
    private readonly DeploymentController _deployments;
    private readonly ReplicaSetController _replicaSets;
    private readonly EndpointSliceController _endpointSlices;
    private readonly KubeProxy _kubeProxy;
    private readonly Kubelet _kubelet;
    private readonly HttpNameHook _httpNames;
    private readonly HostHook _hosts;

    public ClusterRuntime(ILocalApi api, ApiServerAccess access, PodTable pods, EmbeddedClusterOptions options, ILogger logger)
    {
        var time = options.TimeProvider;
        var services = new ServiceTable();
        _network = new ClusterNetwork { ApiServerPort = access.Port };
        Gateway = new NodeGateway(pods);
        Names = new ClusterNames(_network, services);
        Folder = ClusterFolder.NewPath(Path.GetTempPath());
        ClusterFolder.DeleteAbandoned(Path.GetTempPath());
        _loops = new BackgroundTasks(logger);
        _deployments = new DeploymentController(api, time, logger);
        _replicaSets = new ReplicaSetController(api, time, logger);
        _endpointSlices = new EndpointSliceController(api, time, logger);
        _kubeProxy = new KubeProxy(api, services, _network, options.ServiceSyncLag, time, logger);
        _kubelet = new Kubelet(api, access, _network, Names, options.Images, pods, Folder, time, logger);
        _httpNames = new HttpNameHook(_network, Names);
        _hosts = new HostHook(_network);
        ConsoleRouter.Install();
    }

    public ClusterNetwork Network => _network;

    public INodeGateway Gateway { get; }

    public ClusterNames Names { get; }

    /// <summary>Where the pods' volumes are; exists only while there are some.</summary>
    public string Folder { get; }

    public void Start()
    {
        _loops.Run("kubelet", _kubelet.RunAsync);
        _loops.Run("kube-proxy", _kubeProxy.RunAsync);
        _loops.Run("endpointslice controller", _endpointSlices.RunAsync);
        _loops.Run("replicaset controller", _replicaSets.RunAsync);
        _loops.Run("deployment controller", _deployments.RunAsync);
    }

    /// <inheritdoc cref="KubeProxy.WaitUntilServedAsync"/>
    public Task WaitUntilServedAsync(string namespaceName, CancellationToken cancellationToken) =>
        _kubeProxy.WaitUntilServedAsync(namespaceName, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _loops.DisposeAsync().ConfigureAwait(false);
        _deployments.Dispose();
        _replicaSets.Dispose();
        _endpointSlices.Dispose();
        await _kubelet.DisposeAsync().ConfigureAwait(false);
        await _kubeProxy.DisposeAsync().ConfigureAwait(false);
        _httpNames.Dispose();
        _hosts.Dispose();
        _network.Dispose();
    }
}
