using System.Text;
using System.Text.RegularExpressions;
using Intercept.Embedded.ApiServer;
using k8s.Models;

namespace Intercept.Embedded.Node.Containers;

/// <summary>The environment variables of a container, as its pod spec and the ConfigMaps and Secrets behind it say.</summary>
internal static partial class ContainerEnvironment
{
    public static Dictionary<string, string> Resolve(ILocalApi api, ApiServerAccess access, V1Pod pod, V1Container container, string podIP)
    {
        var environment = new Dictionary<string, string>(access.Environment, StringComparer.Ordinal);
        foreach (var source in container.EnvFrom ?? [])
        {
            foreach (var (key, value) in All(api, pod, source))
            {
                environment[source.Prefix + key] = value;
            }
        }

        foreach (var variable in container.Env ?? [])
        {
            if (variable.ValueFrom is null)
            {
                environment[variable.Name] = Expand(variable.Value ?? "", environment);
            }
            else if (One(api, pod, variable.ValueFrom, podIP) is { } value)
            {
                environment[variable.Name] = value;
            }
        }

        return environment;
    }

    /// <summary>Replaces $(NAME) by the variable's value; $$ is a dollar sign, and what is not known stays as it is.</summary>
    public static string Expand(string text, Dictionary<string, string> environment) =>
        References().Replace(text, match => match.Value == "$$" ? "$" : environment.GetValueOrDefault(match.Groups[1].Value, match.Value));

    private static IEnumerable<KeyValuePair<string, string>> All(ILocalApi api, V1Pod pod, V1EnvFromSource source) => source switch
    {
        { ConfigMapRef: { } reference } => ConfigMap(api, pod, reference.Name, reference.Optional)?.Data ?? Enumerable.Empty<KeyValuePair<string, string>>(),
        { SecretRef: { } reference } => (Secret(api, pod, reference.Name, reference.Optional)?.Data ?? new Dictionary<string, byte[]>())
            .Select(pair => KeyValuePair.Create(pair.Key, Encoding.UTF8.GetString(pair.Value))),
        _ => [],
    };

    private static string? One(ILocalApi api, V1Pod pod, V1EnvVarSource source, string podIP) => source switch
    {
        { ConfigMapKeyRef: { } reference } => Key(
            ConfigMap(api, pod, reference.Name, reference.Optional)?.Data?.TryGetValue(reference.Key, out var value) == true ? value : null,
            reference.Key, "ConfigMap", reference.Name, reference.Optional),
        { SecretKeyRef: { } reference } => Key(
            Secret(api, pod, reference.Name, reference.Optional)?.Data?.TryGetValue(reference.Key, out var value) == true ? Encoding.UTF8.GetString(value) : null,
            reference.Key, "Secret", reference.Name, reference.Optional),
        { FieldRef.FieldPath: { } path } => Field(pod, path, podIP),
        _ => null,
    };

    private static string? Key(string? value, string key, string kind, string name, bool? optional) =>
        value ?? (optional == true ? null : throw Missing($"couldn't find key {key} in {kind} {name}"));

    public static string Field(V1Pod pod, string path, string podIP)
    {
        var subscript = Subscript().Match(path);
        if (subscript.Success)
        {
            var values = subscript.Groups[1].Value == "labels" ? pod.Metadata.Labels : pod.Metadata.Annotations;
            return values is not null && values.TryGetValue(subscript.Groups[2].Value, out var value) ? value : "";
        }

        return path switch
        {
            "metadata.name" => pod.Metadata.Name,
            "metadata.namespace" => pod.Metadata.NamespaceProperty,
            "metadata.uid" => pod.Metadata.Uid,
            "spec.nodeName" => EmbeddedNode.Name,
            "spec.serviceAccountName" => pod.Spec.ServiceAccountName ?? "default",
            "status.podIP" or "status.podIPs" => podIP,
            "status.hostIP" or "status.hostIPs" => EmbeddedNode.Address,
            _ => throw Missing($"unsupported fieldPath: {path}"),
        };
    }

    private static V1ConfigMap? ConfigMap(ILocalApi api, V1Pod pod, string name, bool? optional) =>
        api.Get<V1ConfigMap>(pod.Metadata.NamespaceProperty, name)
        ?? (optional == true ? null : throw Missing($"configmap \"{name}\" not found"));

    private static V1Secret? Secret(ILocalApi api, V1Pod pod, string name, bool? optional) =>
        api.Get<V1Secret>(pod.Metadata.NamespaceProperty, name)
        ?? (optional == true ? null : throw Missing($"secret \"{name}\" not found"));

    private static ContainerConfigException Missing(string message) => new("CreateContainerConfigError", message);

    [GeneratedRegex(@"\$\$|\$\(([^)]+)\)")]
    private static partial Regex References();

    [GeneratedRegex(@"^metadata\.(labels|annotations)\['(.+)'\]$")]
    private static partial Regex Subscript();
}
