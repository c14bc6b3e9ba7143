using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Registry;

namespace Intercept.Embedded.ApiServer.Resources.Plain;

/// <summary>Endpoints.</summary>
internal sealed class EndpointsStrategy() : BuiltInStrategy(createOnUpdate: true)
{
    public override void Default(JsonObject json)
    {
        foreach (var port in json.Objects("subsets").SelectMany(subset => subset.Objects("ports")))
        {
            port.Default("protocol", "TCP");
        }
    }
}

/// <summary>EndpointSlices.</summary>
internal sealed class EndpointSliceStrategy() : BuiltInStrategy(generations: true)
{
    public override void Default(JsonObject json)
    {
        foreach (var port in json.Objects("ports"))
        {
            port.Default("name", "");
            port.Default("protocol", "TCP");
        }

        // These two are written even where there is none.
        json.TryAdd("endpoints", null);
        json.TryAdd("ports", null);
    }

    public override void Validate(JsonObject json, List<FieldError> errors)
    {
        if (json.Text("addressType") is not ("IPv4" or "IPv6" or "FQDN"))
        {
            errors.Add(json.Text("addressType") is { } type
                ? FieldError.NotSupported("addressType", type, "FQDN", "IPv4", "IPv6")
                : FieldError.Required("addressType"));
        }
    }

    public override void ValidateUpdate(JsonObject next, JsonObject previous, List<FieldError> errors)
    {
        if (next.Text("addressType") != previous.Text("addressType"))
        {
            errors.Add(FieldError.Invalid("addressType", next.Text("addressType"), "field is immutable"));
        }
    }
}

/// <summary>Nodes.</summary>
internal sealed class NodeStrategy() : BuiltInStrategy()
{
    public override void PrepareForCreate(JsonObject json, RequestScope scope)
    {
        json.Ensure("spec");
        json.Ensure("status");
    }

    public override Func<JsonObject, string>? SelectableField(string path) =>
        path == "spec.unschedulable" ? json => json.Object("spec")?.Flag("unschedulable") == true ? "true" : "false" : null;
}

/// <summary>Leases: optimistic only, and durations are positive.</summary>
internal sealed class LeaseStrategy() : BuiltInStrategy(createOnUpdate: true, unconditional: false)
{
    public override void Default(JsonObject json) => json.Ensure("spec");

    public override void Validate(JsonObject json, List<FieldError> errors)
    {
        var spec = json.Object("spec");
        if (spec?.Number("leaseDurationSeconds") is <= 0 and var duration)
        {
            errors.Add(FieldError.Invalid("spec.leaseDurationSeconds", duration, "must be greater than 0"));
        }

        if (spec?.Number("leaseTransitions") is < 0 and var transitions)
        {
            errors.Add(FieldError.Invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0"));
        }
    }
}
