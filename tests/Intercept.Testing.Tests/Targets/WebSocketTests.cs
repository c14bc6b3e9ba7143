using System.Net.WebSockets;
using System.Security.Cryptography;
using Intercept.Testing.Tests.Fakes;

namespace Intercept.Testing.Tests.Targets;

public sealed class WebSocketTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Wire.Http1)]
    [InlineData(Wire.Http2)]
    public async Task A_test_server_takes_a_websocket(Wire wire)
    {
        await using var app = await SampleServer.StartTestServerAsync();
        await EchoAsync(app.TestServer, wire);
    }

    [Theory]
    [InlineData(Wire.Http1)]
    [InlineData(Wire.Http2)]
    public async Task An_address_takes_a_websocket(Wire wire)
    {
        await using var app = await SampleServer.StartKestrelAsync();
        await EchoAsync(app.Address, wire);
    }

    private static async Task EchoAsync(InterceptTarget target, Wire wire)
    {
        await using var bench = await TargetBench.StartAsync(target);
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = wire.Version();
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new UriBuilder(bench.Address(wire)) { Scheme = "ws", Path = "/ws" }.Uri, invoker, Token);

        var sent = RandomNumberGenerator.GetBytes(30_000);
        await socket.SendAsync(sent, WebSocketMessageType.Binary, endOfMessage: true, Token);
        var received = new byte[sent.Length];
        var count = 0;
        while (count < received.Length)
        {
            count += (await socket.ReceiveAsync(received.AsMemory(count), Token)).Count;
        }

        Assert.Equal(sent, received);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "enough", Token);
        Assert.Equal("enough", socket.CloseStatusDescription);
        var recorded = await bench.CompletedCallAsync();
        Assert.Equal("GET", recorded.Method);
        Assert.Equal(101, recorded.StatusCode);
    }
}
