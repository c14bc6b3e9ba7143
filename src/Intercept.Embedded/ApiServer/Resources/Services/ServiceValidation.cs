using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Intercept.Embedded.ApiServer.Failures;

namespace Intercept.Embedded.ApiServer.Resources.Services;

/// <summary>The usual mistakes in a Service's spec.</summary>
internal static partial class ServiceValidation
{
    private static readonly string[] Types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

    private static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];

    public static void Validate(JsonObject spec, List<FieldError> errors)
    {
        var type = spec.Text("type") ?? "";
        var isHeadless = spec.Text("clusterIP") == "None" || (spec.Array("clusterIPs") is { Count: > 0 } ips && ips[0].AsText() == "None");
        var ports = spec.Objects("ports").ToList();
        if (ports.Count == 0 && !isHeadless && type != "ExternalName")
        {
            errors.Add(FieldError.Required("spec.ports"));
        }

        if (!Types.Contains(type))
        {
            errors.Add(FieldError.NotSupported("spec.type", type, Types));
        }

        if (type == "ExternalName" && string.IsNullOrEmpty(spec.Text("externalName")))
        {
            errors.Add(FieldError.Required("spec.externalName"));
        }

        MetadataValidation.ValidateLabels(spec.Object("selector"), "spec.selector", errors);
        for (var i = 0; i < ports.Count; i++)
        {
            ValidatePort(ports, i, type, errors);
        }

        ValidateAddress(spec, errors);
        if (spec.Text("sessionAffinity") is { } affinity and not ("None" or "ClientIP"))
        {
            errors.Add(FieldError.NotSupported("spec.sessionAffinity", affinity, "ClientIP", "None"));
        }
    }

    private static void ValidatePort(List<JsonObject> ports, int index, string type, List<FieldError> errors)
    {
        var port = ports[index];
        var field = $"spec.ports[{index}]";
        var name = port.Text("name") ?? "";
        var before = ports.Take(index).ToList();
        if (name.Length == 0 && ports.Count > 1)
        {
            errors.Add(FieldError.Required($"{field}.name"));
        }
        else if (name.Length > 0)
        {
            errors.AddRange(NameRule.Label.Problems(name).Select(problem => FieldError.Invalid($"{field}.name", name, problem)));
            if (before.Exists(other => other.Text("name") == name))
            {
                errors.Add(FieldError.Duplicate($"{field}.name", name));
            }
        }

        RequirePortNumber(port.Number("port") ?? 0, $"{field}.port", errors);
        if (!Protocols.Contains(port.Text("protocol")))
        {
            errors.Add(FieldError.NotSupported($"{field}.protocol", port.Text("protocol"), Protocols));
        }

        if (port.Number("targetPort") is { } target)
        {
            RequirePortNumber(target, $"{field}.targetPort", errors);
        }
        else if (port.Text("targetPort") is { } targetName)
        {
            ValidatePortName(targetName, $"{field}.targetPort", errors);
        }

        if (type == "ClusterIP" && port.Number("nodePort") is not null)
        {
            errors.Add(FieldError.Forbidden($"{field}.nodePort", "may not be used when `type` is 'ClusterIP'"));
        }

        if (before.Exists(other => other.Number("port") == port.Number("port") && other.Text("protocol") == port.Text("protocol")))
        {
            var shown = new JsonObject
            {
                ["Name"] = "",
                ["Protocol"] = port.Text("protocol"),
                ["AppProtocol"] = null,
                ["Port"] = port.Number("port"),
                ["TargetPort"] = 0,
                ["NodePort"] = 0,
            };
            errors.Add(FieldError.Duplicate(field, shown));
        }
    }

    private static void RequirePortNumber(long number, string field, List<FieldError> errors)
    {
        if (number is < 1 or > 65535)
        {
            errors.Add(FieldError.Invalid(field, number, "must be between 1 and 65535, inclusive"));
        }
    }

    private static void ValidatePortName(string name, string field, List<FieldError> errors)
    {
        if (name.Length > 15)
        {
            errors.Add(FieldError.Invalid(field, name, "must be no more than 15 characters"));
        }

        if (!PortName().IsMatch(name))
        {
            errors.Add(FieldError.Invalid(field, name, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"));
        }
        else if (!name.Any(char.IsAsciiLetter))
        {
            errors.Add(FieldError.Invalid(field, name, "must contain at least one letter (a-z)"));
        }
    }

    private static void ValidateAddress(JsonObject spec, List<FieldError> errors)
    {
        var address = spec.Text("clusterIP") ?? (spec.Array("clusterIPs") is { Count: > 0 } list ? list[0].AsText() : null);
        if (!string.IsNullOrEmpty(address) && address != "None" && !IPAddress.TryParse(address, out _))
        {
            errors.Add(FieldError.Invalid("spec.clusterIPs[0]", address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
        }

        if (spec.Array("ipFamilies") is { Count: > 0 } families && families[0].AsText() == "IPv6")
        {
            errors.Add(FieldError.Invalid("spec.ipFamilies[0]", "IPv6", "not configured on this cluster"));
        }

        if (spec.Text("ipFamilyPolicy") == "RequireDualStack")
        {
            errors.Add(FieldError.Invalid("spec.ipFamilyPolicy", "RequireDualStack", "this cluster is not configured for dual-stack services"));
        }
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex PortName();
}
