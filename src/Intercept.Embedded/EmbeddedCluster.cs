using System.Net.Http.Headers;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.Faults;
using Intercept.Embedded.Manifests;
using Intercept.Embedded.Node;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded;

/// <summary>
/// A Kubernetes in this process: a real HTTP API on loopback, controllers, and a node that runs programs of this process as
/// pods, on sockets of 127.0.0.1 only. It needs no privilege and leaves nothing behind.
/// </summary>
/// <remarks>
/// What a real cluster has and this one has not: containers of other programs than registered or mounted .NET ones, their
/// process environment (variables arrive as configuration and as command line), static state of their own for replicas of
/// a registered program, and cluster names for raw sockets (HttpClient and ClientWebSocket have them, and other protocols
/// dial through the IConnectionFactory in the program's services). A client whose SocketsHttpHandler.ActivityHeadersPropagator is
/// null does not have the names either.
/// </remarks>
public sealed class EmbeddedCluster : IAsyncDisposable
{
    private readonly EmbeddedClusterOptions _options;
    private readonly ApiServerHost _server;
    private readonly ClusterRuntime _runtime;
    private readonly ReadinessReport _readiness;
    private readonly HttpClient _http;
    private int _disposed;

    private EmbeddedCluster(EmbeddedClusterOptions options, ApiServerHost server, PodTable pods)
    {
        _options = options;
        _server = server;
        _readiness = new ReadinessReport(server.Api, pods);
        _runtime = new ClusterRuntime(server.Api, new ApiServerAccess(server.Address, server.PodTokens), pods, options, options.LoggerFactory.CreateLogger<EmbeddedCluster>());
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null }) { BaseAddress = server.Address };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue(ManifestApplier.FieldManager, null));
    }

    internal ILocalApi Api => _server.Api;

    internal ClusterRuntime Runtime => _runtime;

    /// <summary>Where the Kubernetes API answers.</summary>
    public Uri ApiServer => _server.Address;

    /// <summary>The bearer token that the API asks for; its user may do everything.</summary>
    public string Token => _server.Token;

    /// <summary>What goes wrong with the Kubernetes API, when a test wants it to.</summary>
    public ApiFaults Faults => _server.Faults;

    /// <summary>Starts an empty cluster.</summary>
    /// <param name="options">How it behaves; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<EmbeddedCluster> StartAsync(EmbeddedClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new EmbeddedClusterOptions();
        var pods = new PodTable();
        var server = await ApiServerHost.StartAsync(new ApiServerSettings(), new NodeGateway(pods), options.TimeProvider, cancellationToken).ConfigureAwait(false);
        server.Api.Create(EmbeddedNode.Describe());
        var cluster = new EmbeddedCluster(options, server, pods);
        cluster._runtime.Start();
        return cluster;
    }

    /// <summary>The configuration for <c>new Kubernetes(…)</c>.</summary>
    public KubernetesClientConfiguration CreateClientConfiguration() => new() { Host = ApiServer.ToString(), AccessToken = Token };

    /// <summary>
    /// A kubeconfig for kubectl. It holds the cluster's token: write it to a file that only its owner can read. Where kubectl's
    /// schemas are asked for (<c>explain</c>, or validation by a kubectl before 1.29) the cluster has none: use <c>--validate=false</c>.
    /// </summary>
    /// <param name="namespaceName">The namespace of commands that name none.</param>
    public string CreateKubeconfig(string namespaceName = "default") => Kubeconfig.Of(ApiServer, Token, namespaceName);

    /// <summary>Creates the objects of a Kubernetes YAML text, or merges them into those that are there already.</summary>
    /// <param name="yaml">One or more documents of any kind; namespaces and custom resource definitions are applied first.</param>
    /// <param name="cancellationToken">Stops between objects.</param>
    /// <exception cref="FormatException">The text is no Kubernetes YAML.</exception>
    /// <exception cref="InvalidOperationException">The API refused an object; the message says which and why.</exception>
    public Task ApplyAsync(string yaml, CancellationToken cancellationToken = default) =>
        new ManifestApplier(_http).ApplyAsync(ManifestReader.Read(yaml, "The YAML"), "The YAML", cancellationToken);

    /// <summary>Applies a YAML file, or all *.yaml and *.yml files of a folder, in the order of their names.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="cancellationToken">Stops between objects.</param>
    /// <exception cref="FileNotFoundException">There is neither a file nor a folder with YAML files at <paramref name="path"/>.</exception>
    /// <exception cref="FormatException">A file is no Kubernetes YAML.</exception>
    /// <exception cref="InvalidOperationException">The API refused an object; the message says which and why.</exception>
    public async Task ApplyFilesAsync(string path, CancellationToken cancellationToken = default)
    {
        string[] files = Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path).Where(file => Path.GetExtension(file) is ".yaml" or ".yml").Order(StringComparer.Ordinal)]
            : File.Exists(path) ? [path] : [];
        if (files.Length == 0)
        {
            throw new FileNotFoundException($"There are no Kubernetes manifests at {Path.GetFullPath(path)}: neither a file nor a folder with *.yaml files.", path);
        }

        var objects = files.SelectMany(file => ManifestReader.Read(File.ReadAllText(file), file)).ToList();
        await new ManifestApplier(_http).ApplyAsync(objects, path, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until every Deployment of the namespace has all its replicas, of its current template, available, and every Service leads to its ready pods.</summary>
    /// <param name="namespaceName">Where to look.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TimeoutException"><see cref="EmbeddedClusterOptions.ReadyTimeout"/> has passed; the message says what is not ready and why.</exception>
    public async Task WaitUntilReadyAsync(string namespaceName, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.ReadyTimeout);
        try
        {
            await WaitForDeploymentsAsync(namespaceName, limit.Token).ConfigureAwait(false);
            await _runtime.WaitUntilServedAsync(namespaceName, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(_readiness.Describe(namespaceName, _options.ReadyTimeout));
        }
    }

    /// <summary>
    /// Restarts the API server: every connection and watch is cut, calls under way are lost. What is stored stays, and so does the
    /// address; pods and controllers go on.
    /// </summary>
    /// <param name="restart">How long it takes; null for no time at all.</param>
    /// <param name="cancellationToken">Ends the restart early: the server is back at once.</param>
    /// <returns>A task that ends when calls are answered again.</returns>
    public Task RestartApiServerAsync(ApiServerRestart? restart = null, CancellationToken cancellationToken = default) =>
        _server.RestartAsync(restart ?? new ApiServerRestart(), cancellationToken);

    /// <summary>Ends all pods and closes all sockets. Pods have a second to end by themselves.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _runtime.DisposeAsync().ConfigureAwait(false);
        _http.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WaitForDeploymentsAsync(string namespaceName, CancellationToken cancellationToken)
    {
        if (_readiness.NotReady(namespaceName).Count == 0)
        {
            return;
        }

        await foreach (var change in _server.Api.WatchAsync<V1Deployment>(cancellationToken).ConfigureAwait(false))
        {
            if (change.Object.Metadata.NamespaceProperty == namespaceName && _readiness.NotReady(namespaceName).Count == 0)
            {
                return;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
