using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;

namespace Intercept.Embedded.ApiServer.Resources.Workloads;

/// <summary>The usual mistakes in a pod's spec.</summary>
internal static class PodSpecValidation
{
    private static readonly string[] PullPolicies = ["Always", "IfNotPresent", "Never"];

    private static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];

    public static void Validate(JsonObject? spec, string field, List<FieldError> errors)
    {
        var volumes = ValidateNames(spec, "volumes", field, errors);
        if (spec?.Array("containers") is not { Count: > 0 })
        {
            errors.Add(FieldError.Required($"{field}.containers"));
            return;
        }

        ValidateContainers(spec, "initContainers", field, volumes, errors);
        ValidateContainers(spec, "containers", field, volumes, errors);
    }

    private static HashSet<string> ValidateNames(JsonObject? spec, string list, string field, List<FieldError> errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var item in spec?.Objects(list) ?? [])
        {
            var here = $"{field}.{list}[{index++}].name";
            var name = item.Text("name") ?? "";
            if (name.Length == 0)
            {
                errors.Add(FieldError.Required(here));
                continue;
            }

            errors.AddRange(NameRule.Label.Problems(name).Select(problem => FieldError.Invalid(here, name, problem)));
            if (!names.Add(name))
            {
                errors.Add(FieldError.Duplicate(here, name));
            }
        }

        return names;
    }

    private static void ValidateContainers(JsonObject spec, string list, string field, HashSet<string> volumes, List<FieldError> errors)
    {
        ValidateNames(spec, list, field, errors);
        var index = 0;
        foreach (var container in spec.Objects(list))
        {
            var here = $"{field}.{list}[{index++}]";
            if (string.IsNullOrEmpty(container.Text("image")))
            {
                errors.Add(FieldError.Required($"{here}.image"));
            }

            if (container.Text("imagePullPolicy") is { } policy && !PullPolicies.Contains(policy))
            {
                errors.Add(FieldError.NotSupported($"{here}.imagePullPolicy", policy, PullPolicies));
            }

            ValidatePorts(container, here, errors);
            ValidateMounts(container, here, volumes, errors);
        }
    }

    private static void ValidatePorts(JsonObject container, string field, List<FieldError> errors)
    {
        var index = 0;
        foreach (var port in container.Objects("ports"))
        {
            var here = $"{field}.ports[{index++}]";
            if (port.Number("containerPort") is not { } number)
            {
                errors.Add(FieldError.Required($"{here}.containerPort"));
            }
            else if (number is < 1 or > 65535)
            {
                errors.Add(FieldError.Invalid($"{here}.containerPort", number, "must be between 1 and 65535, inclusive"));
            }

            if (port.Text("protocol") is { } protocol && !Protocols.Contains(protocol))
            {
                errors.Add(FieldError.NotSupported($"{here}.protocol", protocol, Protocols));
            }
        }
    }

    private static void ValidateMounts(JsonObject container, string field, HashSet<string> volumes, List<FieldError> errors)
    {
        var index = 0;
        foreach (var mount in container.Objects("volumeMounts"))
        {
            var here = $"{field}.volumeMounts[{index++}]";
            var name = mount.Text("name") ?? "";
            if (name.Length == 0)
            {
                errors.Add(FieldError.Required($"{here}.name"));
            }
            else if (!volumes.Contains(name))
            {
                errors.Add(new FieldError("FieldValueNotFound", $"{here}.name", $"Not found: \"{name}\""));
            }

            if (string.IsNullOrEmpty(mount.Text("mountPath")))
            {
                errors.Add(FieldError.Required($"{here}.mountPath"));
            }
        }
    }
}
