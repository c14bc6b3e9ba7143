using System.Net.WebSockets;
using Intercept.Engine.PortForwards;
using Intercept.Engine.Tests.Tunnels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Intercept.Engine.Tests.PortForwards;

/// <summary>What a kubelet does behind <c>pods/portforward</c>, with a script of its own for each connection.</summary>
internal sealed class ChannelSocketServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ChannelSocketServer(WebApplication app) => _app = app;

    public static async Task<ChannelSocketServer> StartAsync(Func<WebSocket, CancellationToken, Task> script)
    {
        var pipeline = new ApplicationBuilder(new ServiceCollection().AddLogging().AddOptions().BuildServiceProvider());
        pipeline.UseWebSockets();
        pipeline.Run(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("v4.channel.k8s.io");
            await script(socket, context.RequestAborted);
        });
        return new ChannelSocketServer(await ProxyRig.ServeAsync(new RequestDelegate(pipeline.Build()), HttpProtocols.Http1));
    }

    /// <summary>A forwarder to a TCP port of this machine, in the protocol's own words.</summary>
    public static Task<ChannelSocketServer> ForwardToAsync(int port) =>
        StartAsync((socket, cancellationToken) => ForwardAsync(socket, port, cancellationToken));

    /// <summary>One forwarded connection, until one side ends it.</summary>
    public static async Task ForwardAsync(WebSocket socket, int port, CancellationToken cancellationToken)
    {
        await SendAsync(socket, [0, (byte)port, (byte)(port >> 8)], cancellationToken);
        await SendAsync(socket, [1, (byte)port, (byte)(port >> 8)], cancellationToken);
        await using var target = await ProxyRig.DialAsync(port, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var down = CopyDownAsync(target, socket, stop.Token);
        await CopyUpAsync(socket, target, stop.Token);
        await stop.CancelAsync();
        await down;
    }

    public static Task SendAsync(WebSocket socket, byte[] message, CancellationToken cancellationToken, bool endOfMessage = true) =>
        socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage, cancellationToken);

    public async Task<PortForwardStream> DialAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("v4.channel.k8s.io");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{ProxyRig.Ports(_app)[0]}/"), cancellationToken);
        return new PortForwardStream(socket, "shop/leaf:80");
    }

    public ValueTask DisposeAsync() => new(ProxyRig.StopAsync(_app));

    private static async Task CopyDownAsync(Stream target, WebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[32 * 1024 + 1];
        try
        {
            int read;
            while ((read = await target.ReadAsync(buffer.AsMemory(1), cancellationToken)) > 0)
            {
                await socket.SendAsync(buffer.AsMemory(0, 1 + read), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or WebSocketException)
        {
            // One side has gone; the other direction ends too.
        }
    }

    private static async Task CopyUpAsync(WebSocket socket, Stream target, CancellationToken cancellationToken)
    {
        var buffer = new byte[32 * 1024 + 1];
        try
        {
            var isContinued = false;
            for (; ; )
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                await target.WriteAsync(buffer.AsMemory(isContinued ? 0 : 1, received.Count - (isContinued ? 0 : 1)), cancellationToken);
                isContinued = !received.EndOfMessage;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or WebSocketException)
        {
            // As above.
        }
    }
}
