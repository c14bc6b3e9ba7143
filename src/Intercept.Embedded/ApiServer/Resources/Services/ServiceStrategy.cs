using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Resources.Services;

/// <summary>Services: defaulting, one IPv4 cluster address, node ports, and what may not change.</summary>
internal sealed class ServiceStrategy(ServiceAllocator allocator) : BuiltInStrategy(createOnUpdate: true, returnsDeleted: true)
{
    private static readonly string[] KeptOnUpdate = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"];

    public override NameRule NameRule => NameRule.Dns1035;

    public override void Default(JsonObject json)
    {
        var spec = json.Ensure("spec");
        spec.Default("type", "ClusterIP");
        spec.Default("sessionAffinity", "None");
        if (spec.Text("sessionAffinity") == "ClientIP")
        {
            spec.Ensure("sessionAffinityConfig").Ensure("clientIP").Default("timeoutSeconds", 10800);
        }
        else
        {
            spec.Remove("sessionAffinityConfig");
        }

        foreach (var port in spec.Objects("ports"))
        {
            port.Default("protocol", "TCP");
            if (port["targetPort"] is null || port.Number("targetPort") == 0 || port.Text("targetPort") == "")
            {
                port["targetPort"] = port["port"]?.DeepClone();
            }

            if (port.Number("nodePort") == 0)
            {
                port.Remove("nodePort");
            }
        }

        var type = spec.Text("type");
        if (type is "NodePort" or "LoadBalancer" || spec.Array("externalIPs") is { Count: > 0 })
        {
            spec.Default("externalTrafficPolicy", "Cluster");
        }

        if (type == "LoadBalancer")
        {
            spec.Default("allocateLoadBalancerNodePorts", true);
        }

        if (type is "ClusterIP" or "NodePort" or "LoadBalancer")
        {
            spec.Default("internalTrafficPolicy", "Cluster");
        }
    }

    public override void PrepareForCreate(JsonObject json, RequestScope scope) =>
        json["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };

    public override void PrepareForUpdate(JsonObject next, JsonObject previous)
    {
        var (spec, before) = (next.Ensure("spec"), previous.Ensure("spec"));
        if (spec.Text("type") == "ExternalName")
        {
            // The way to ExternalName gives the address back.
            foreach (var field in KeptOnUpdate.Append("internalTrafficPolicy"))
            {
                if (JsonNode.DeepEquals(spec[field], before[field]))
                {
                    spec.Remove(field);
                }
            }

            return;
        }

        SyncAddresses(spec, before);
        foreach (var field in KeptOnUpdate)
        {
            spec.Default(field, before[field]?.DeepClone());
            if (spec[field] is null)
            {
                spec.Remove(field);
            }
        }

        KeepOrDropNodePorts(spec, before);
    }

    public override void Validate(JsonObject json, List<FieldError> errors) => ServiceValidation.Validate(json.Ensure("spec"), errors);

    public override void ValidateUpdate(JsonObject next, JsonObject previous, List<FieldError> errors)
    {
        var (spec, before) = (next.Ensure("spec"), previous.Ensure("spec"));
        if (spec.Text("type") == "ExternalName" || before.Text("type") == "ExternalName")
        {
            return;
        }

        if (before.Text("clusterIP") is { Length: > 0 } address && spec.Text("clusterIP") != address)
        {
            errors.Add(FieldError.Invalid("spec.clusterIPs[0]", spec["clusterIPs"], "may not change once set"));
        }
    }

    public override void Allocate(JsonObject next, JsonObject? previous, List<FieldError> errors) => allocator.Allocate(next, previous, errors);

    public override void Release(JsonObject next, JsonObject? previous) => allocator.GiveBack(next, previous);

    public override void Released(StoredObject removed) => allocator.Free(removed.ToJson());

    public override Func<JsonObject, string>? SelectableField(string path) => path switch
    {
        "spec.clusterIP" => json => json.Object("spec")?.Text("clusterIP") ?? "",
        "spec.type" => json => json.Object("spec")?.Text("type") ?? "",
        _ => null,
    };

    // clusterIP and clusterIPs[0] are one field under two names; a client may send either.
    private static void SyncAddresses(JsonObject spec, JsonObject before)
    {
        var address = spec.Text("clusterIP");
        var first = spec.Array("clusterIPs") is { Count: > 0 } list ? list[0].AsText() : null;
        var (oldAddress, oldFirst) = (before.Text("clusterIP"), before.Array("clusterIPs") is { Count: > 0 } old ? old[0].AsText() : null);
        if (!string.IsNullOrEmpty(address) && address != oldAddress && (first is null || first == oldFirst))
        {
            spec["clusterIPs"] = new JsonArray(address);
        }
        else if (first is not null && first != oldFirst && (string.IsNullOrEmpty(address) || address == oldAddress))
        {
            spec["clusterIP"] = first;
        }

        if (address == "")
        {
            spec.Remove("clusterIP");
        }
    }

    private static void KeepOrDropNodePorts(JsonObject spec, JsonObject before)
    {
        var wants = spec.Text("type") is "NodePort" or "LoadBalancer";
        foreach (var port in spec.Objects("ports"))
        {
            var was = before.Objects("ports").FirstOrDefault(old =>
                old.Number("port") == port.Number("port") && (old.Text("protocol") ?? "TCP") == (port.Text("protocol") ?? "TCP"));
            if (wants)
            {
                port.Default("nodePort", was?["nodePort"]?.DeepClone());
                if (port["nodePort"] is null)
                {
                    port.Remove("nodePort");
                }
            }
            else if (was?.Number("nodePort") is { } given && port.Number("nodePort") == given && before.Text("type") != spec.Text("type"))
            {
                port.Remove("nodePort");
            }
        }

        if (!wants && spec.Array("externalIPs") is not { Count: > 0 })
        {
            spec.Remove("externalTrafficPolicy");
            spec.Remove("allocateLoadBalancerNodePorts");
        }
    }
}
