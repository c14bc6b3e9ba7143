using System.Diagnostics;
using Intercept.Engine.PortForwards;
using Intercept.Engine.Records;
using Intercept.Engine.Tests.Worlds;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Tests.Reaping;

/// <summary>An engine's world in which every call of the Kubernetes API is noted, and other pods call the Service.</summary>
public sealed class ReapingWorld : IAsyncLifetime
{
    private const string Caller =
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: callers}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: caller, namespace: callers}
        spec:
          selector: {matchLabels: {app: caller}}
          template:
            metadata: {labels: {app: caller}}
            spec:
              containers:
                - name: caller
                  image: hop:1
                  env:
                    - {name: ASPNETCORE_HTTP_PORTS, value: "80"}
                    - {name: NEXT, value: "http://leaf.shop:3010/who"}
                  readinessProbe: {httpGet: {path: /who, port: 80}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: caller, namespace: callers}
        spec:
          selector: {app: caller}
          ports: [{port: 80}]
        """;

    private ReaperTraffic? _traffic;

    internal EngineWorld Engines { get; } = new() { ServiceSyncLag = TimeSpan.FromSeconds(0.7) };

    /// <summary>What the reapers of this world ask the API.</summary>
    internal ReaperTraffic Traffic => _traffic ?? throw new InvalidOperationException("The world has not been started.");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Engines.InitializeAsync();
        _traffic = new ReaperTraffic(Engines.ApiServer);
        await Engines.ApplyAsync(Caller);
        await Engines.WaitUntilReadyAsync("callers");
    }

    public async ValueTask DisposeAsync()
    {
        _traffic?.Dispose();
        await Engines.DisposeAsync();
    }

    /// <summary>A plan whose holder counts as dead after two seconds.</summary>
    internal static InterceptPlan Plan(string answer, double seconds = 2) => EngineWorld.Plan(answer) with { TimeToLive = TimeSpan.FromSeconds(seconds) };

    internal async Task<V1Service> ReadLeafAsync() => (await Engines.Api.FindAsync<V1Service>("shop", "leaf", Cancelled))!;

    /// <summary>Who claims Deployment, ConfigMap and decoy, each as often as it does.</summary>
    internal async Task<IReadOnlyList<string>> ReadClaimantsAsync()
    {
        var names = InterceptNames.For(EngineWorld.Leaf);
        return
        [
            .. (await Engines.Api.FindMetadataAsync<V1Deployment>("shop", names.Interceptor, Cancelled))!.ToLive().Claims.Select(claim => claim.Id),
            .. (await Engines.Api.FindMetadataAsync<V1ConfigMap>("shop", names.Interceptor, Cancelled))!.ToLive().Claims.Select(claim => claim.Id),
            .. ((IKubernetesObject<V1ObjectMeta>)(await Engines.Api.FindMetadataAsync<V1Service>("shop", names.Decoy, Cancelled))!).ToLive().Claims.Select(claim => claim.Id),
        ];
    }

    internal async Task<bool> IsHijackedAsync() => (await ReadLeafAsync()).ReadRecord() is not null;

    /// <summary>Waits until a condition holds, and tells how long that took.</summary>
    internal static async Task<TimeSpan> UntilAsync(Func<Task<bool>> condition, TimeSpan limit, Func<Task<string>>? describe = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > limit)
            {
                Assert.Fail($"Not within {limit}: {(describe is null ? "" : await describe())}");
            }

            await Task.Delay(20, Cancelled);
        }

        return watch.Elapsed;
    }

    /// <summary>Waits until the cluster is as it was.</summary>
    internal Task<TimeSpan> UntilNothingIsLeftAsync(string before, TimeSpan limit) => UntilAsync(
        async () => await Engines.SnapshotAsync() == before,
        limit,
        async () => $"before:\n{before}\nnow:\n{await Engines.SnapshotAsync()}\nreaper:\n{string.Join('\n', Traffic.Calls.TakeLast(60))}");

    /// <summary>Calls the Service from another pod, one new connection after the other, until it is stopped; returns who answered.</summary>
    internal async Task<IReadOnlyList<string>> CallAsync(CancellationToken stop)
    {
        var answers = new List<string>();
        using var client = new HttpClient(new ServicePortForwardHandler(Engines.Client));
        while (!stop.IsCancellationRequested)
        {
            using var response = await client.GetAsync(new Uri("http://caller.callers:80/"), Cancelled);
            var body = await response.Content.ReadAsStringAsync(Cancelled);
            answers.Add(response.IsSuccessStatusCode ? body[(body.IndexOf("> ", StringComparison.Ordinal) + 2)..] : $"{(int)response.StatusCode} {body}");
        }

        return answers;
    }
}
