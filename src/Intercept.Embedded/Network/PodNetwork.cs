using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Intercept.Embedded.Network;

/// <summary>The listeners of one pod: those on its loopback are known to the pod only, the others to the whole cluster.</summary>
internal sealed class PodNetwork(ClusterNetwork cluster, IPAddress address)
{
    private readonly Lock _lock = new();
    private readonly List<(IPEndPoint Bound, IPEndPoint Real)> _listeners = [];
    private int _lastEphemeral = 32767;

    public IPAddress Address { get; } = address;

    /// <summary>The address that the program asked for, with a port of its own where it asked for port 0.</summary>
    public IPEndPoint Add(IPEndPoint requested, IPEndPoint real)
    {
        lock (_lock)
        {
            var bound = requested.Port == 0 ? new IPEndPoint(requested.Address, ++_lastEphemeral) : requested;
            if (_listeners.Exists(other => other.Bound.Port == bound.Port && Overlaps(other.Bound.Address, bound.Address)))
            {
                throw new AddressInUseException($"Something in the pod {Address} listens on {bound} already.");
            }

            _listeners.Add((bound, real));
            if (!IPAddress.IsLoopback(bound.Address))
            {
                cluster.Add(new IPEndPoint(Address, bound.Port), real);
            }

            return bound;
        }
    }

    public void Remove(IPEndPoint bound)
    {
        lock (_lock)
        {
            _listeners.RemoveAll(listener => listener.Bound.Equals(bound));
            if (!_listeners.Exists(other => other.Bound.Port == bound.Port && !IPAddress.IsLoopback(other.Bound.Address)))
            {
                cluster.Remove(new IPEndPoint(Address, bound.Port));
            }
        }
    }

    /// <summary>What localhost:<paramref name="port"/> is inside the pod.</summary>
    public IPEndPoint? FindLocal(int port)
    {
        lock (_lock)
        {
            return _listeners.Find(listener => listener.Bound.Port == port).Real;
        }
    }

    private static bool Overlaps(IPAddress left, IPAddress right) =>
        left.Equals(right)
        || (left.AddressFamily == right.AddressFamily && (IsAny(left) || IsAny(right)));

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
