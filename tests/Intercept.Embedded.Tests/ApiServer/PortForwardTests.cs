using System.Net.WebSockets;
using System.Text;
using k8s;
using k8s.Models;

namespace Intercept.Embedded.Tests.ApiServer;

public sealed class PortForwardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Megabytes_come_back_as_they_went()
    {
        await using var api = await StartWithPodAsync();
        using var socket = await api.Client.WebSocketNamespacedPodPortForwardAsync("p", TestApi.Space, [FakeNode.EchoPort], "v4.channel.k8s.io", cancellationToken: Token);
        Assert.Equal([0, 7, 0], await ReceiveAsync(socket));
        Assert.Equal([1, 7, 0], await ReceiveAsync(socket));

        var sent = new byte[4 * 1024 * 1024];
        new Random(1).NextBytes(sent);
        var sending = Task.Run(
            async () =>
            {
                for (var at = 0; at < sent.Length; at += 30_000)
                {
                    byte[] frame = [0, .. sent.AsSpan(at, Math.Min(30_000, sent.Length - at))];
                    await socket.SendAsync(frame, WebSocketMessageType.Binary, true, Token);
                }
            },
            Token);
        var received = new List<byte>(sent.Length);
        while (received.Count < sent.Length)
        {
            var frame = await ReceiveAsync(socket);
            Assert.Equal(0, frame[0]);
            received.AddRange(frame.AsSpan(1));
        }

        await sending;
        Assert.True(sent.AsSpan().SequenceEqual(received.ToArray()));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_told_on_the_error_channel()
    {
        await using var api = await StartWithPodAsync();
        using var socket = await api.Client.WebSocketNamespacedPodPortForwardAsync("p", TestApi.Space, [9999], "v4.channel.k8s.io", cancellationToken: Token);
        Assert.Equal([0, 0x0f, 0x27], await ReceiveAsync(socket));
        Assert.Equal([1, 0x0f, 0x27], await ReceiveAsync(socket));
        var error = await ReceiveAsync(socket);
        Assert.Equal(1, error[0]);
        Assert.StartsWith("error forwarding port 9999 to pod", Encoding.UTF8.GetString(error.AsSpan(1)), StringComparison.Ordinal);
        var close = await socket.ReceiveAsync(new byte[16], Token);
        Assert.Equal(WebSocketMessageType.Close, close.MessageType);
    }

    [Fact]
    public async Task The_server_ends_open_forwards()
    {
        var api = await StartWithPodAsync();
        using var socket = await api.Client.WebSocketNamespacedPodPortForwardAsync("p", TestApi.Space, [FakeNode.EchoPort], "v4.channel.k8s.io", cancellationToken: Token);
        await ReceiveAsync(socket);
        await ReceiveAsync(socket);
        await api.DisposeAsync();
        await Assert.ThrowsAnyAsync<WebSocketException>(async () => await socket.ReceiveAsync(new byte[16], Token));
    }

    [Fact]
    public async Task What_can_not_be_forwarded_is_refused_with_a_Status()
    {
        await using var api = await StartWithPodAsync();
        await api.Client.CreateNamespacedPodAsync(Samples.Pod("homeless"), TestApi.Space, cancellationToken: Token);
        const string pods = "/api/v1/namespaces/case-ns/pods";
        var (missing, status) = await api.SendAsync(HttpMethod.Get, $"{pods}/nope/portforward?ports=80");
        Assert.Equal((404, "pods \"nope\" not found"), (missing, (string?)status["message"]));
        (var homeless, status) = await api.SendAsync(HttpMethod.Get, $"{pods}/homeless/portforward?ports=80");
        Assert.Equal((400, "pod homeless does not have a host assigned"), (homeless, (string?)status["message"]));
        (var plain, status) = await api.SendAsync(HttpMethod.Get, $"{pods}/p/portforward?ports=80");
        Assert.Equal((400, "Upgrade request required"), (plain, (string?)status["message"]));
        var (exec, _) = await api.SendAsync(HttpMethod.Get, $"{pods}/p/exec?command=ls&stdout=true");
        Assert.Equal(501, exec);
    }

    [Fact]
    public async Task The_log_of_a_pod_is_read()
    {
        await using var api = await StartWithPodAsync();
        api.Node.Log = ["one", "two", "three"];
        using var all = new StreamReader(await api.Client.ReadNamespacedPodLogAsync("p", TestApi.Space, cancellationToken: Token));
        Assert.Equal("one\ntwo\nthree\n", await all.ReadToEndAsync(Token));
        using var last = new StreamReader(await api.Client.ReadNamespacedPodLogAsync("p", TestApi.Space, tailLines: 1, cancellationToken: Token));
        Assert.Equal("three\n", await last.ReadToEndAsync(Token));
    }

    private static async Task<TestApi> StartWithPodAsync()
    {
        var api = await TestApi.StartAsync();
        await api.Client.CreateNamespacedPodAsync(Samples.Pod("p", "node"), TestApi.Space, cancellationToken: Token);
        return api;
    }

    private static async Task<byte[]> ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var received = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(received), Token);
            received += part.Count;
            if (part.EndOfMessage)
            {
                return buffer[..received];
            }
        }
    }
}
