using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Intercept.Embedded.Network;

/// <summary>
/// Which real socket on 127.0.0.1 stands for which address of the cluster. Pod and Service addresses exist only in this
/// table, so that the cluster needs no privilege and the same port can be bound by many pods.
/// </summary>
internal sealed class ClusterNetwork : IDisposable
{
    private readonly ConcurrentDictionary<IPEndPoint, IPEndPoint> _routes = new();
    private readonly Socket _refusing = LoopbackSocket.Bind(0);
    private int _lastPod;

    public ClusterNetwork() => Refusing = (IPEndPoint)_refusing.LocalEndPoint!;

    /// <summary>A real address that answers every connection attempt with "connection refused": bound, never listening.</summary>
    public IPEndPoint Refusing { get; }

    /// <summary>The API server's port on 127.0.0.1, the one of this machine that pods reach.</summary>
    public int ApiServerPort { get; init; }

    /// <summary>An address of the pod network 10.244.0.0/16 that no pod of this cluster has had.</summary>
    public IPAddress AllocatePodAddress()
    {
        var number = Interlocked.Increment(ref _lastPod);
        if (number > 0xfffe)
        {
            throw new InvalidOperationException("The pod network 10.244.0.0/16 of the embedded cluster has no free address left. Start a new cluster.");
        }

        return new IPAddress([10, 244, (byte)(number >> 8), (byte)number]);
    }

    public void Add(IPEndPoint clusterAddress, IPEndPoint real) => _routes[clusterAddress] = real;

    public void Remove(IPEndPoint clusterAddress) => _routes.TryRemove(clusterAddress, out _);

    public IPEndPoint? Find(IPAddress address, int port) => _routes.GetValueOrDefault(new IPEndPoint(address, port));

    /// <summary>The real sockets that stand for an address now.</summary>
    public IReadOnlyList<IPEndPoint> Listeners => [.. _routes.Values];

    /// <summary>True for addresses that belong to the cluster's pods (10.244.0.0/16) or Services (10.96.0.0/12).</summary>
    public static bool Contains(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetwork)
        {
            return false;
        }

        var bytes = address.GetAddressBytes();
        return bytes[0] == 10 && (bytes[1] == 244 || (bytes[1] & 0xf0) == 96);
    }

    public void Dispose() => _refusing.Dispose();
}
