using System.Text.Json;
using System.Text.Json.Nodes;
using Intercept.Embedded;
using Intercept.Embedded.Faults;
using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using Intercept.Engine.PortForwards;
using Intercept.Engine.Tunnels;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace Intercept.Engine.Tests.Worlds;

/// <summary>An embedded cluster in which Service shop/leaf runs, and an engine on it.</summary>
public sealed class EngineWorld : IAsyncLifetime
{
    private const string Manifest =
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: leaf, namespace: shop}
        spec:
          selector: {matchLabels: {app: leaf}}
          template:
            metadata: {labels: {app: leaf}}
            spec:
              containers:
                - name: leaf
                  image: hop:1
                  env: [{name: ASPNETCORE_HTTP_PORTS, value: "3010"}]
                  readinessProbe: {httpGet: {path: /who, port: 3010}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: leaf, namespace: shop, labels: {team: shop}}
        spec:
          selector: {app: leaf}
          ports: [{name: http, port: 3010, targetPort: 3010}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: double, namespace: shop}
        spec:
          selector: {app: leaf}
          ports:
            - {name: http, port: 3010, targetPort: 3010}
            - {name: admin, port: 3011, targetPort: 3010}
            - {name: tcp-raw, port: 3012, targetPort: 3010}
        """;

    private EmbeddedCluster? _cluster;
    private readonly List<Kubernetes> _further = [];
    private Kubernetes? _client;

    internal Kubernetes Client => _client ?? throw new InvalidOperationException("The world has not been started.");

    /// <summary>How long a node takes at most to follow a Service; at once where it is zero, as it is by default.</summary>
    internal TimeSpan ServiceSyncLag { get; init; }

    internal ApiFaults Faults => _cluster!.Faults;

    internal Uri ApiServer => _cluster!.ApiServer;

    internal string Token => _cluster!.Token;

    internal IClusterApi Api => new ClusterApi(Client, TimeProvider.System);

    internal static ServiceReference Leaf { get; } = ServiceReference.Parse("shop/leaf");

    public async ValueTask InitializeAsync()
    {
        var options = new EmbeddedClusterOptions { ServiceSyncLag = ServiceSyncLag };
        options.Images.Add<Intercept.Tests.Apps.Hop.Readiness>("hop:1");
        _cluster = await EmbeddedCluster.StartAsync(options, TestContext.Current.CancellationToken);
        _client = new Kubernetes(_cluster.CreateClientConfiguration());
        await ApplyAsync(Manifest);
        await _cluster.WaitUntilReadyAsync("shop", TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _further.ForEach(client => client.Dispose());
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    /// <summary>The API for an account that may not read or install definitions of custom resources.</summary>
    internal IClusterApi CreateApiWithoutDefinitions() =>
        CreateLimitedApi(request => request.RequestUri!.AbsolutePath.Contains("/customresourcedefinitions", StringComparison.Ordinal));

    /// <summary>The API for an account that lacks rights.</summary>
    internal IClusterApi CreateLimitedApi(Func<HttpRequestMessage, bool> isForbidden)
    {
        var client = new Kubernetes(_cluster!.CreateClientConfiguration(), new LimitedAccount(isForbidden));
        _further.Add(client);
        return new ClusterApi(client, TimeProvider.System);
    }

    /// <summary>Writes a kubeconfig for this cluster.</summary>
    internal void WriteKubeconfig(string file) => File.WriteAllText(file, _cluster!.CreateKubeconfig("shop"));

    internal Task ApplyAsync(string yaml) => _cluster!.ApplyAsync(yaml, TestContext.Current.CancellationToken);

    internal Task WaitUntilReadyAsync(string namespaceName) => _cluster!.WaitUntilReadyAsync(namespaceName, TestContext.Current.CancellationToken);

    internal InterceptEngine CreateEngine(Func<IClusterApi, IClusterApi>? wrap = null, TimeProvider? time = null, string defaultNamespace = "default") => new(
        new ClusterConnection(
            wrap is null ? Api : wrap(Api),
            new TunnelConnector((namespaceName, pod, port, token) => PortForwarder.DialAsync(Client, namespaceName, pod, port, token)).ConnectAsync,
            () => new ServicePortForwardHandler(Client)),
        time ?? TimeProvider.System)
    {
        DefaultNamespace = defaultNamespace,
    };

    /// <summary>A plan for a header value of its own, answered with <paramref name="answer"/>.</summary>
    internal static InterceptPlan Plan(string answer, HeaderRule? rule = null) => new()
    {
        Service = Leaf,
        Rule = rule ?? HeaderRule.Create(HeaderRule.DefaultName, SessionDraft.RandomHex(16)),
        Handler = context => context.Response.WriteAsync(answer),
        Holder = nameof(EngineWorld),
    };

    /// <summary>Asks a Service, through a port-forward to the pods that it leads to at this moment.</summary>
    internal async Task<(string Body, string ServedBy)> AskAsync(HeaderRule? rule, string authority = "leaf.shop:3010")
    {
        using var response = await SendAsync(rule, authority);
        var servedBy = response.Headers.TryGetValues("x-intercept-served-by", out var values) ? values.Single() : "nobody";
        return (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), servedBy);
    }

    /// <summary>The same, for the whole answer.</summary>
    internal async Task<HttpResponseMessage> SendAsync(HeaderRule? rule, string authority = "leaf.shop:3010")
    {
        using var client = new HttpClient(new ServicePortForwardHandler(Client));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{authority}/who");
        if (rule is not null)
        {
            request.Headers.TryAddWithoutValidation(rule.Name, rule.Value);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// All that an intercept could leave behind, as text: the namespace's Services (without what the server counts), and the
    /// names of everything else that lives longer than a moment.
    /// </summary>
    internal async Task<string> SnapshotAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var services = await Api.ListAsync<V1Service>("shop", null, token);
        var lines = new List<string>();
        foreach (var service in services.OrderBy(service => service.Metadata.Name, StringComparer.Ordinal))
        {
            service.Metadata.ResourceVersion = null;
            lines.Add(JsonSerializer.Deserialize<JsonNode>(KubernetesJson.Serialize(service))!.ToJsonString());
        }

        lines.AddRange(await NamesAsync<V1Deployment>(token));
        lines.AddRange((await NamesAsync<V1ConfigMap>(token)).Where(name => !name.EndsWith("kube-root-ca.crt", StringComparison.Ordinal)));
        lines.AddRange(await NamesAsync<SessionResource>(token));
        lines.AddRange(await NamesAsync<V1Pod>(token));
        lines.AddRange(await NamesAsync<V1Role>(token));
        lines.AddRange(await NamesAsync<V1RoleBinding>(token));
        lines.AddRange((await NamesAsync<V1ServiceAccount>(token)).Where(name => !name.EndsWith(" default", StringComparison.Ordinal)));
        return string.Join(Environment.NewLine, lines);
    }

    private async Task<IEnumerable<string>> NamesAsync<T>(CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        (await Api.ListAsync<T>("shop", null, cancellationToken))
            .Select(item => $"{ApiPath.Kind<T>()} {item.Metadata.Name}")
            .Order(StringComparer.Ordinal);
}
