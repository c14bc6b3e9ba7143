using System.Net;
using System.Net.Sockets;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.Network;
using Intercept.Tests.Apps.Hop;
using k8s;
using k8s.Models;

namespace Intercept.Embedded.Tests;

/// <summary>A cluster with the image "hop", and the means to look into it.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly EmbeddedCluster _cluster;

    private TestCluster(EmbeddedCluster cluster) => _cluster = cluster;

    public EmbeddedCluster Embedded => _cluster;

    public ILocalApi Api => _cluster.Api;

    public string Folder => _cluster.Runtime.Folder;

    /// <summary>The real sockets behind all pods and Services.</summary>
    public IReadOnlyList<IPEndPoint> Listeners => _cluster.Runtime.Network.Listeners;

    public static async Task<TestCluster> StartAsync(TimeSpan lag = default, TimeSpan? readyTimeout = null)
    {
        var options = new EmbeddedClusterOptions { ServiceSyncLag = lag, ReadyTimeout = readyTimeout ?? TimeSpan.FromSeconds(30) };
        options.Images.Add<Readiness>("hop");
        var cluster = await EmbeddedCluster.StartAsync(options, TestContext.Current.CancellationToken);
        await cluster.ApplyAsync("{ apiVersion: v1, kind: Namespace, metadata: { name: shop } }", TestContext.Current.CancellationToken);
        return new TestCluster(cluster);
    }

    public Task ApplyAsync(string yaml) => _cluster.ApplyAsync(yaml, TestContext.Current.CancellationToken);

    public Task WaitUntilReadyAsync() => _cluster.WaitUntilReadyAsync("shop", TestContext.Current.CancellationToken);

    /// <summary>Waits until the objects of a kind in the namespace are as wanted.</summary>
    public async Task<IReadOnlyList<T>> WaitForAsync<T>(Func<IReadOnlyList<T>, bool> wanted)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        try
        {
            await using var changes = Api.WatchAsync<T>(limit.Token).GetAsyncEnumerator(limit.Token);
            while (true)
            {
                // The watch begins before the look, so that no change is missed.
                var next = changes.MoveNextAsync();
                if (Api.List<T>("shop") is var all && wanted(all))
                {
                    await limit.CancelAsync();
                    await StopAsync(next);
                    return all;
                }

                await next;
            }
        }
        catch (OperationCanceledException)
        {
        }

        throw new TimeoutException($"Waited in vain. {typeof(T).Name}: {KubernetesYaml.SerializeAll(Api.List<T>("shop"))}");
    }

    private static async Task StopAsync(ValueTask<bool> next)
    {
        try
        {
            await next;
        }
        catch (OperationCanceledException)
        {
            // The watch was asked to end.
        }
    }

    /// <summary>A client of one pod, as through a port-forward.</summary>
    public HttpClient CreatePodClient(string app) => CreatePodClient(PodsOf(app).Single());

    public HttpClient CreatePodClient(V1Pod pod, int port = 8080) => Client(async token =>
        await _cluster.Runtime.Gateway.DialPodAsync("shop", pod.Metadata.Name, port, token));

    /// <summary>A client whose connections go to a Service as those of another pod would.</summary>
    public HttpClient CreateServiceClient(string service) => Client(async token =>
    {
        var caller = new PodContext(_cluster.Runtime.Network, "shop", new PodNetwork(_cluster.Runtime.Network, IPAddress.Parse("10.244.255.254")));
        var destination = _cluster.Runtime.Names.Resolve(caller, service, 80);
        try
        {
            return new NetworkStream(await LoopbackSocket.ConnectAsync(destination.Real!, token), ownsSocket: true);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new HttpRequestException($"{service}: {e.Message}", e);
        }
    });

    public IReadOnlyList<V1Pod> PodsOf(string app) => [.. Api.List<V1Pod>("shop").Where(pod => pod.GetLabel("app") == app)];

    public IAsyncEnumerable<string> ReadLogAsync(V1Pod pod, bool follow) =>
        _cluster.Runtime.Gateway.ReadLogAsync("shop", pod.Metadata.Name, follow, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private static HttpClient Client(Func<CancellationToken, ValueTask<Stream>> dial) =>
        new(new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, token) => dial(token) }) { BaseAddress = new Uri("http://pod") };
}
