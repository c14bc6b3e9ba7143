using System.Buffers.Binary;
using System.Net;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;

namespace Intercept.Embedded.ApiServer.Resources.Services;

/// <summary>Hands out cluster addresses and node ports, and takes back what an object that goes had.</summary>
internal sealed class ServiceAllocator(IPNetwork serviceRange, Range nodePorts)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _addresses = new(StringComparer.Ordinal);
    private readonly HashSet<long> _nodePorts = [];
    private uint _lastAddress = 1;
    private int _lastPort = nodePorts.Start.Value - 1;

    public void Allocate(JsonObject next, JsonObject? previous, List<FieldError> errors)
    {
        var spec = next.Ensure("spec");
        if (spec.Text("type") == "ExternalName")
        {
            return;
        }

        lock (_gate)
        {
            var taken = new List<Action>();
            AllocateAddress(spec, previous?.Object("spec")?.Text("clusterIP"), taken, errors);
            if (errors.Count == 0 && spec.Text("type") is "NodePort" or "LoadBalancer" && spec.Flag("allocateLoadBalancerNodePorts") != false)
            {
                AllocatePorts(spec, Ports(previous), taken, errors);
            }

            if (errors.Count > 0)
            {
                taken.ForEach(undo => undo());
                return;
            }

            // The store goes by what is kept: what the new form no longer has is free.
            TakeBack(previous ?? [], next);
        }
    }

    /// <summary>An object was not stored: what it has more than the stored one is free, what it had given up is taken again.</summary>
    public void GiveBack(JsonObject next, JsonObject? previous)
    {
        lock (_gate)
        {
            TakeBack(next, previous);
            if (previous is not null)
            {
                _addresses.UnionWith(Address(previous));
                _nodePorts.UnionWith(Ports(previous));
            }
        }
    }

    public void Free(JsonObject removed)
    {
        lock (_gate)
        {
            TakeBack(removed, null);
        }
    }

    private void TakeBack(JsonObject from, JsonObject? butFor)
    {
        _addresses.ExceptWith(Address(from).Except(Address(butFor)));
        _nodePorts.ExceptWith(Ports(from).Except(Ports(butFor)));
    }

    private void AllocateAddress(JsonObject spec, string? already, List<Action> taken, List<FieldError> errors)
    {
        var asked = spec.Text("clusterIP") is { Length: > 0 } one ? one : spec.Array("clusterIPs") is { Count: > 0 } list ? list[0].AsText() : null;
        if (asked is null)
        {
            asked = NextAddress();
            taken.Add(() => _addresses.Remove(asked));
        }
        else if (asked != "None" && asked != already)
        {
            var field = new JsonArray(asked);
            if (!IPAddress.TryParse(asked, out var parsed) || !serviceRange.Contains(parsed))
            {
                errors.Add(FieldError.Invalid("spec.clusterIPs", field, $"failed to allocate IP {asked}: the provided network does not match the current range"));
                return;
            }

            if (!_addresses.Add(asked))
            {
                errors.Add(FieldError.Invalid("spec.clusterIPs", field, $"failed to allocate IP {asked}: provided IP is already allocated"));
                return;
            }

            taken.Add(() => _addresses.Remove(asked));
        }

        spec["clusterIP"] = asked;
        spec["clusterIPs"] = new JsonArray(asked);
        spec.Default("ipFamilies", new JsonArray("IPv4"));
        spec.Default("ipFamilyPolicy", "SingleStack");
    }

    private string NextAddress()
    {
        Span<byte> bytes = stackalloc byte[4];
        serviceRange.BaseAddress.TryWriteBytes(bytes, out _);
        var start = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var size = (uint)(1UL << (32 - serviceRange.PrefixLength));
        for (uint tries = 0; tries < size; tries++)
        {
            // The first address of the range is the API server's own Service, the last one the broadcast address.
            _lastAddress = _lastAddress + 1 >= size - 1 ? 2 : _lastAddress + 1;
            BinaryPrimitives.WriteUInt32BigEndian(bytes, start + _lastAddress);
            var address = new IPAddress(bytes).ToString();
            if (_addresses.Add(address))
            {
                return address;
            }
        }

        throw ApiFailure.Internal("failed to allocate a serviceIP: range is full");
    }

    private void AllocatePorts(JsonObject spec, HashSet<long> already, List<Action> taken, List<FieldError> errors)
    {
        var index = 0;
        foreach (var port in spec.Objects("ports"))
        {
            var field = $"spec.ports[{index++}].nodePort";
            if (port.Number("nodePort") is not { } asked)
            {
                var given = NextPort();
                taken.Add(() => _nodePorts.Remove(given));
                port["nodePort"] = given;
            }
            else if (!already.Contains(asked))
            {
                if (asked < nodePorts.Start.Value || asked > nodePorts.End.Value)
                {
                    errors.Add(FieldError.Invalid(field, asked, $"provided port is not in the valid range. The range of valid ports is {nodePorts.Start.Value}-{nodePorts.End.Value}"));
                }
                else if (!_nodePorts.Add(asked))
                {
                    errors.Add(FieldError.Invalid(field, asked, "provided port is already allocated"));
                }
                else
                {
                    taken.Add(() => _nodePorts.Remove(asked));
                }
            }
        }
    }

    private long NextPort()
    {
        for (var tries = nodePorts.Start.Value; tries <= nodePorts.End.Value; tries++)
        {
            _lastPort = _lastPort >= nodePorts.End.Value ? nodePorts.Start.Value : _lastPort + 1;
            if (_nodePorts.Add(_lastPort))
            {
                return _lastPort;
            }
        }

        throw ApiFailure.Internal("failed to allocate a nodePort: range is full");
    }

    private static IEnumerable<string> Address(JsonObject? service) =>
        service?.Object("spec")?.Text("clusterIP") is { Length: > 0 } address and not "None" ? [address] : [];

    private static HashSet<long> Ports(JsonObject? service) =>
        [.. service?.Object("spec")?.Objects("ports").Select(port => port.Number("nodePort")).OfType<long>() ?? []];
}
