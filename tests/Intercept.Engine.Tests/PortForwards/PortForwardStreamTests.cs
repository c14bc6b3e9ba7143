using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Intercept.Engine.Tests.Tunnels;
using Intercept.Engine.Tunnels;

namespace Intercept.Engine.Tests.PortForwards;

public sealed class PortForwardStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Data_is_put_together_from_messages_and_frames_of_any_size()
    {
        await using var server = await ChannelSocketServer.StartAsync(async (socket, cancellationToken) =>
        {
            // The port's bytes come in two messages, then data in one message of three frames, then bytes one by one.
            await ChannelSocketServer.SendAsync(socket, [0, 80], cancellationToken);
            await ChannelSocketServer.SendAsync(socket, [1, 80, 0], cancellationToken);
            await ChannelSocketServer.SendAsync(socket, [0, 0, (byte)'a'], cancellationToken);
            await ChannelSocketServer.SendAsync(socket, [0, (byte)'b'], cancellationToken, endOfMessage: false);
            await ChannelSocketServer.SendAsync(socket, [(byte)'c'], cancellationToken, endOfMessage: false);
            await ChannelSocketServer.SendAsync(socket, [(byte)'d'], cancellationToken);
            foreach (var letter in "efg"u8.ToArray())
            {
                await ChannelSocketServer.SendAsync(socket, [0, letter], cancellationToken);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        });
        await using var stream = await server.DialAsync(Cancellation);

        using var reader = new StreamReader(stream, Encoding.ASCII);

        Assert.Equal("abcdefg", await reader.ReadToEndAsync(Cancellation));
    }

    [Fact]
    public async Task The_error_channel_s_text_is_the_exception()
    {
        await using var server = await ChannelSocketServer.StartAsync(async (socket, cancellationToken) =>
        {
            await ChannelSocketServer.SendAsync(socket, [0, 80, 0], cancellationToken);
            await ChannelSocketServer.SendAsync(socket, [1, 80, 0], cancellationToken);
            await ChannelSocketServer.SendAsync(socket, [1, .. "connection "u8], cancellationToken, endOfMessage: false);
            await ChannelSocketServer.SendAsync(socket, "refused"u8.ToArray(), cancellationToken);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        });
        await using var stream = await server.DialAsync(Cancellation);

        var exception = await Assert.ThrowsAsync<IOException>(async () => await stream.ReadExactlyAsync(new byte[10], Cancellation));

        Assert.Equal("Port-forward to shop/leaf:80 failed: connection refused", exception.Message);
    }

    [Fact]
    public async Task A_connection_that_ends_without_a_goodbye_is_an_error_and_no_end()
    {
        await using var server = await ChannelSocketServer.StartAsync(async (socket, cancellationToken) =>
        {
            await socket.ReceiveAsync(new byte[10], cancellationToken);
            socket.Abort();
        });
        await using var stream = await server.DialAsync(Cancellation);
        await stream.WriteAsync(new byte[1], Cancellation);

        await Assert.ThrowsAsync<IOException>(async () => await stream.ReadExactlyAsync(new byte[10], Cancellation));
    }

    [Fact]
    public async Task A_slow_reader_holds_the_sender_back()
    {
        var sent = 0;
        await using var server = await ChannelSocketServer.StartAsync(async (socket, cancellationToken) =>
        {
            var message = new byte[32 * 1024];
            for (var index = 0; index < 2000; index++)
            {
                await ChannelSocketServer.SendAsync(socket, message, cancellationToken);
                Interlocked.Increment(ref sent);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        });
        await using var stream = await server.DialAsync(Cancellation);
        int before;
        do
        {
            before = Volatile.Read(ref sent);
            await Task.Delay(100, Cancellation);
        }
        while (Volatile.Read(ref sent) != before);

        Assert.InRange(before, 1, 1999);
        var total = 0L;
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, Cancellation)) > 0)
        {
            total += read;
        }

        // 2 bytes are the port, and each message begins with its channel.
        Assert.Equal((2000L * (32 * 1024 - 1)) - 2, total);
    }

    [Fact]
    public async Task A_tunnel_runs_through_a_port_forward_and_comes_back_when_it_breaks()
    {
        await using var proxy = await ProxyRig.StartAsync();
        await using var server = await ChannelSocketServer.ForwardToAsync(proxy.ControlPort);
        var dial = new BreakableDial(async token => await server.DialAsync(token));
        var target = new SampleApp("target");
        await using var tunnel = await Tunnel.ConnectAsync(
            new TunnelOptions { SessionName = "s", Claim = TunnelRig.Rule }, dial.DialAsync, TimeProvider.System, Cancellation);
        await tunnel.AddRouteAsync(TunnelRig.Rule, target.InvokeAsync, Cancellation);
        proxy.Client.DefaultRequestHeaders.Add("x-test", "1");
        var bytes = Bytes.Create(20_000_000);

        using var up = await proxy.Client.PostAsync(new Uri("/hash", UriKind.Relative), new ByteArrayContent(bytes), Cancellation);
        var answer = await Answer.ReadAsync(up);
        var down = await proxy.Client.GetByteArrayAsync(new Uri("/bytes?count=20000000", UriKind.Relative), Cancellation);
        dial.Cut();
        while (dial.Attempts < 2)
        {
            await Task.Delay(10, Cancellation);
        }

        await tunnel.GetStatusAsync(Cancellation);
        using var after = await proxy.Client.GetAsync(new Uri("/", UriKind.Relative), Cancellation);

        Assert.Equal(("target", Convert.ToHexString(SHA256.HashData(bytes))), (answer.By, answer.Body));
        Assert.Equal(bytes, down);
        Assert.Equal("target", (await Answer.ReadAsync(after)).By);
        Assert.Equal(2, dial.Attempts);
    }
}
