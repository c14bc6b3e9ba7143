using System.Net;
using System.Net.Sockets;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.Network;
using Intercept.Embedded.Node;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Intercept.Embedded.Tests.Network;

/// <summary>kube-proxy alone, with endpoints written by hand and a clock that the test moves.</summary>
public sealed class ServiceSyncTests
{
    private static readonly TimeSpan Lag = TimeSpan.FromMilliseconds(300);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_of_endpoints_takes_effect_within_the_lag_and_not_before_a_sync()
    {
        await using var server = await ApiServerHost.StartAsync(new ApiServerSettings { Namespaces = ["shop"] }, new NodeGateway(new PodTable()), TimeProvider.System, Cancelled);
        var api = server.Api;
        var time = new FakeTimeProvider();
        using var network = new ClusterNetwork();
        using var first = new Backend(network, "10.244.0.1", 1);
        using var second = new Backend(network, "10.244.0.2", 2);
        var service = api.Create(Service());
        var slice = api.Create(Slice("10.244.0.1"));
        var table = new ServiceTable();
        await using var proxy = new KubeProxy(api, table, network, Lag, time, NullLogger.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var running = proxy.RunAsync(stop.Token);
        var address = IPAddress.Parse(service.Spec.ClusterIP);

        await UntilAsync(() => table.SlicesOf("shop", "core").Any());
        Assert.Null(network.Find(address, 80));
        await AdvanceUntilAsync(time, () => Task.FromResult(network.Find(address, 80) is not null));
        Assert.Equal(1, await AskAsync(network.Find(address, 80)!));

        slice.Endpoints = Slice("10.244.0.2").Endpoints;
        api.Update(slice);
        await UntilAsync(() => table.SlicesOf("shop", "core").Single().Endpoints[0].Addresses[0] == "10.244.0.2");
        Assert.Equal(1, await AskAsync(network.Find(address, 80)!));
        await AdvanceUntilAsync(time, async () => await AskAsync(network.Find(address, 80)!) == 2);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static async Task<int> AskAsync(IPEndPoint address)
    {
        using var socket = await LoopbackSocket.ConnectAsync(address, Cancelled);
        var answer = new byte[1];
        return await socket.ReceiveAsync(answer, Cancelled) == 1 ? answer[0] : 0;
    }

    /// <summary>Again and again: the sync may ask for its time only after an advance.</summary>
    private static Task AdvanceUntilAsync(FakeTimeProvider time, Func<Task<bool>> condition) => UntilAsync(() =>
    {
        time.Advance(Lag);
        return condition();
    });

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            await Task.Delay(1, limit.Token);
        }
    }

    private static V1Service Service() => new()
    {
        Metadata = new V1ObjectMeta { Name = "core", NamespaceProperty = "shop" },
        Spec = new V1ServiceSpec { Ports = [new V1ServicePort { Port = 80 }] },
    };

    private static V1EndpointSlice Slice(string address) => new()
    {
        AddressType = "IPv4",
        Metadata = new V1ObjectMeta { Name = "core-1", NamespaceProperty = "shop", Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = "core" } },
        Ports = [new Discoveryv1EndpointPort { Name = "", Port = 8080, Protocol = "TCP" }],
        Endpoints = [new V1Endpoint { Addresses = [address], Conditions = new V1EndpointConditions { Ready = true } }],
    };

    /// <summary>Answers each connection with one byte.</summary>
    private sealed class Backend : IDisposable
    {
        private readonly Socket _listening = LoopbackSocket.Bind(0);
        private readonly byte _answer;

        public Backend(ClusterNetwork network, string address, byte answer)
        {
            _answer = answer;
            _listening.Listen();
            network.Add(new IPEndPoint(IPAddress.Parse(address), 8080), (IPEndPoint)_listening.LocalEndPoint!);
            _listening.BeginAccept(Accepted, null);
        }

        public void Dispose() => _listening.Dispose();

        private void Accepted(IAsyncResult result)
        {
            try
            {
                using var client = _listening.EndAccept(result);
                client.Send([_answer]);
                _listening.BeginAccept(Accepted, null);
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                // The test is over.
            }
        }
    }
}
