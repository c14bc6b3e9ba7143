using System.Net;
using System.Net.Sockets;
using System.Text;
using Intercept.Engine.Tests.Tunnels;

namespace Intercept.Proxy.Tests.Tcp;

public sealed class TcpPortTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_pass_both_ways_and_each_direction_ends_by_itself()
    {
        using var listener = Listen();
        await using var rig = await ProxyRig.StartAsync(tcpDecoyPort: Port(listener));
        await using var caller = await ProxyRig.DialAsync(rig.TcpPort, Cancellation);
        using var pod = await listener.AcceptSocketAsync(Cancellation);
        await using var decoy = new NetworkStream(pod, ownsSocket: false);
        var bytes = Bytes.Create(3_000_000);

        await PassAsync(bytes, caller, decoy);
        caller.Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await decoy.ReadAsync(new byte[1], Cancellation));

        // The caller has ended its direction; the answer still comes, and then its end.
        await PassAsync(bytes, decoy, caller);
        pod.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await caller.ReadAsync(new byte[1], Cancellation));
    }

    [Fact]
    public async Task The_pod_may_end_its_direction_first()
    {
        using var listener = Listen();
        await using var rig = await ProxyRig.StartAsync(tcpDecoyPort: Port(listener));
        await using var caller = await ProxyRig.DialAsync(rig.TcpPort, Cancellation);
        using var pod = await listener.AcceptSocketAsync(Cancellation);
        await using var decoy = new NetworkStream(pod, ownsSocket: false);

        await decoy.WriteAsync("greeting"u8.ToArray(), Cancellation);
        pod.Shutdown(SocketShutdown.Send);
        Assert.Equal("greeting", Encoding.ASCII.GetString(await ReadAsync(caller, 8)));
        Assert.Equal(0, await caller.ReadAsync(new byte[1], Cancellation));
        await caller.WriteAsync("late"u8.ToArray(), Cancellation);
        caller.Socket.Shutdown(SocketShutdown.Send);

        Assert.Equal("late", Encoding.ASCII.GetString(await ReadAsync(decoy, 4)));
        Assert.Equal(0, await decoy.ReadAsync(new byte[1], Cancellation));
    }

    [Fact]
    public async Task A_reset_on_one_side_is_a_reset_on_the_other()
    {
        using var listener = Listen();
        await using var rig = await ProxyRig.StartAsync(tcpDecoyPort: Port(listener));
        await using var caller = await ProxyRig.DialAsync(rig.TcpPort, Cancellation);
        using var pod = await listener.AcceptSocketAsync(Cancellation);

        pod.LingerState = new LingerOption(true, 0);
        pod.Close();

        await Assert.ThrowsAsync<IOException>(async () => await caller.ReadExactlyAsync(new byte[1], Cancellation));
    }

    [Fact]
    public async Task A_pod_that_can_not_be_reached_closes_the_caller_s_connection()
    {
        await using var rig = await ProxyRig.StartAsync(tcpDecoyPort: 1);

        // The reset may come before the caller's connect has returned.
        var exception = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var caller = await ProxyRig.DialAsync(rig.TcpPort, Cancellation);
            await caller.ReadExactlyAsync(new byte[1], Cancellation);
        });

        Assert.True(exception is IOException or SocketException, exception.ToString());
    }

    private static async Task PassAsync(byte[] bytes, Stream from, Stream to)
    {
        var reading = ReadAsync(to, bytes.Length);
        await from.WriteAsync(bytes, Cancellation);
        Assert.Equal(bytes, await reading);
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static async Task<byte[]> ReadAsync(Stream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, Cancellation);
        return bytes;
    }
}
