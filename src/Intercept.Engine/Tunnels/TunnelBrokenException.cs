namespace Intercept.Engine.Tunnels;

/// <summary>The connection of one attach has ended; the tunnel may have another one soon.</summary>
internal sealed class TunnelBrokenException(Exception? innerException = null)
    : IOException($"The tunnel's connection has ended. {innerException?.Message}".TrimEnd(), innerException);
