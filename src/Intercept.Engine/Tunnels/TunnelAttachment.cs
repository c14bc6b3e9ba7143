using Intercept.Proxy.Contract;

namespace Intercept.Engine.Tunnels;

/// <summary>One live connection of a tunnel: HTTP/2 on a stream, with its control channel.</summary>
internal sealed class TunnelAttachment(StreamConnection connection, ControlChannel control, WelcomeMessage welcome)
{
    private readonly TaskCompletionSource _retired = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the tunnel has noticed the end of this connection: its next one can be waited for.</summary>
    public Task Retired => _retired.Task;

    /// <summary>What the proxy said first.</summary>
    public WelcomeMessage Welcome => welcome;

    /// <summary>For commands.</summary>
    public ControlChannel Control => control;

    /// <summary>Dials, says hello, waits for the welcome, sets the routes.</summary>
    public static async Task<TunnelAttachment> OpenAsync(
        TunnelServer server,
        TunnelRoutes routes,
        TunnelHello hello,
        Func<CancellationToken, Task<Stream>> dial,
        Action<WelcomeMessage> onWelcome,
        CancellationToken cancellationToken)
    {
        var stream = await dial(cancellationToken);
        ReadOnlyMemory<byte> alreadyRead;
        try
        {
            alreadyRead = await TunnelHandshake.RunAsync(stream, hello, cancellationToken);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }

        var connection = new StreamConnection(stream, alreadyRead);
        var control = new ControlChannel();
        connection.Features.Set(control);
        connection.ConnectionClosed.Register(control.End);
        routes.ResetArrivals();
        server.Serve(connection);
        try
        {
            var welcome = await control.Welcome.WaitAsync(cancellationToken);
            onWelcome(welcome);
            await control.SendAsync(new SetRoutesCommand(routes.Entries), cancellationToken);
            return new TunnelAttachment(connection, control, welcome);
        }
        catch
        {
            connection.Abort();
            control.End();
            throw;
        }
    }

    /// <summary>The tunnel goes on without this connection.</summary>
    public void Retire() => _retired.TrySetResult();

    /// <summary>Cuts the connection; what is in flight breaks off.</summary>
    public async Task CloseAsync()
    {
        control.End();
        connection.Abort();
        await connection.Disposed;
    }
}
