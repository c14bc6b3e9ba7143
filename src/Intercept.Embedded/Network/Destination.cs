using System.Net;

namespace Intercept.Embedded.Network;

/// <summary>Where a connection of a pod has to go.</summary>
/// <param name="Real">The socket on 127.0.0.1 that stands for the cluster address; null outside the cluster.</param>
/// <param name="Host">The name or address to dial; null where the name is unknown.</param>
/// <param name="Port">The port to dial.</param>
internal readonly record struct Destination(IPEndPoint? Real, string? Host, int Port)
{
    public static Destination UnknownName => default;

    public static Destination Inside(IPEndPoint real) => new(real, real.Address.ToString(), real.Port);

    public static Destination Outside(string host, int port) => new(null, host, port);
}
