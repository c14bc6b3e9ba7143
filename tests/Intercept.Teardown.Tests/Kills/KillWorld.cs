using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Intercept.Embedded;
using Intercept.Engine;
using Intercept.Engine.Api;
using Intercept.Engine.Guarding;
using k8s;
using k8s.Models;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>An embedded cluster that other processes reach by a kubeconfig file, with some Services alike.</summary>
public sealed class KillWorld : IAsyncLifetime
{
    public const string Namespace = "shop";
    public const int Port = 3010;

    /// <summary>How many processes may be killed at the same time, each on a Service of its own.</summary>
    public const int Services = 6;

    private const string Manifest =
        """
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: NAME, namespace: shop}
        spec:
          selector: {matchLabels: {app: NAME}}
          template:
            metadata: {labels: {app: NAME}}
            spec:
              containers:
                - name: leaf
                  image: leaf:1
                  args: [leaf]
                  env: [{name: ASPNETCORE_HTTP_PORTS, value: "3010"}]
                  readinessProbe: {httpGet: {path: /ready, port: 3010}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: NAME, namespace: shop, labels: {team: shop}, annotations: {owner: team-shop}}
        spec:
          selector: {app: NAME}
          ports: [{name: http, port: 3010, targetPort: 3010}]
        """;

    private readonly Channel<string> _idle = Channel.CreateUnbounded<string>();
    private readonly string _folder = Directory.CreateTempSubdirectory("intercept-kills-").FullName;
    private EmbeddedCluster? _cluster;
    private Kubernetes? _client;

    /// <summary>The kubeconfig that other processes use.</summary>
    public string Kubeconfig => Path.Join(_folder, "config");

    internal EmbeddedCluster Cluster => _cluster ?? throw new InvalidOperationException("The world has not been started.");

    internal IClusterApi Api => new ClusterApi(_client!, TimeProvider.System);

    public async ValueTask InitializeAsync()
    {
        var options = new EmbeddedClusterOptions { ServiceSyncLag = TimeSpan.FromMilliseconds(50) };
        options.Images.Add<Intercept.Tests.Apps.Holder.Leaf>("leaf:1");
        var token = TestContext.Current.CancellationToken;
        _cluster = await EmbeddedCluster.StartAsync(options, token);
        _client = new Kubernetes(_cluster.CreateClientConfiguration());
        var yaml = new StringBuilder("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
        for (var number = 1; number <= Services; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"leaf-{number}");
            yaml.Append(Manifest.Replace("NAME", name, StringComparison.Ordinal)).Append('\n');
            _idle.Writer.TryWrite(name);
        }

        await _cluster.ApplyAsync(yaml.ToString(), token);
        await _cluster.WaitUntilReadyAsync(Namespace, token);
        await WriteKubeconfigAsync(token);
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        _client?.Dispose();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    /// <summary>A Service that nobody else uses, until it is given back.</summary>
    internal ValueTask<string> TakeServiceAsync() => _idle.Reader.ReadAsync(TestContext.Current.CancellationToken);

    internal void GiveBack(string service) => _idle.Writer.TryWrite(service);

    /// <summary>How a watchdog reaches the cluster.</summary>
    internal ClusterAccess Access =>
        ClusterAccess.Of(KubernetesClientConfiguration.LoadKubeConfig(new FileInfo(Kubeconfig)), "kills");

    /// <summary>An engine of this process; its intercepts are guarded only if asked for.</summary>
    internal InterceptEngine CreateEngine(ClusterAccess? access = null, InterceptLayers? layers = null, string? watchdogAssembly = null) =>
        new(ClusterConnection.Over(_client!, TimeProvider.System), TimeProvider.System, access, layers, watchdogAssembly);

    /// <summary>A client whose connections go through a Service, as those of a pod do.</summary>
    internal HttpClient CreateCaller(string service, TimeSpan connectionLifetime) =>
        new(CreateCallerHandler(service, connectionLifetime, () => { })) { BaseAddress = Address(service) };

    /// <summary>The handler of such a client.</summary>
    /// <param name="service">The Service.</param>
    /// <param name="connectionLifetime">How long a connection may be used again.</param>
    /// <param name="connecting">Hears of each new connection before it is made.</param>
    internal SocketsHttpHandler CreateCallerHandler(string service, TimeSpan connectionLifetime, Action connecting)
    {
        var address = IPAddress.Parse(Cluster.Api.Get<V1Service>(Namespace, service)!.Spec.ClusterIP);
        return new SocketsHttpHandler
        {
            PooledConnectionLifetime = connectionLifetime,
            ActivityHeadersPropagator = null,
            UseProxy = false,
            ConnectCallback = async (_, token) =>
            {
                connecting();
                var real = Cluster.Runtime.Network.Find(address, Port) ?? throw new IOException($"{service} has no listener.");
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(real, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
    }

    /// <summary>A Service as callers name it.</summary>
    internal static Uri Address(string service) => new($"http://{service}.{Namespace}:{Port}/");

    private async Task WriteKubeconfigAsync(CancellationToken cancellationToken)
    {
        var yaml =
            $$"""
            apiVersion: v1
            kind: Config
            current-context: kills
            contexts: [{name: kills, context: {cluster: embedded, user: runner} }]
            clusters:
              - name: embedded
                cluster: {server: "{{Cluster.ApiServer}}" }
            users:
              - name: runner
                user: {token: "{{Cluster.Token}}" }
            """;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(Kubeconfig, options);
        await file.WriteAsync(Encoding.UTF8.GetBytes(yaml), cancellationToken);
    }
}
