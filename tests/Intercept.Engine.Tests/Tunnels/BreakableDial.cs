namespace Intercept.Engine.Tests.Tunnels;

/// <summary>A dialler whose connections can be cut, and which can be made to fail.</summary>
internal sealed class BreakableDial(Func<CancellationToken, Task<Stream>> dial)
{
    private Stream? _last;

    /// <summary>How often it was dialled.</summary>
    public int Attempts { get; private set; }

    /// <summary>Whether dialling fails.</summary>
    public bool IsDown { get; set; }

    public async Task<Stream> DialAsync(CancellationToken cancellationToken)
    {
        Attempts++;
        return IsDown ? throw new IOException("The network is down.") : _last = await dial(cancellationToken);
    }

    /// <summary>Cuts the last connection, as a dying process or a broken network does.</summary>
    public void Cut() => _last!.Dispose();
}
