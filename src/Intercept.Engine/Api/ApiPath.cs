using System.Reflection;
using k8s.Models;

namespace Intercept.Engine.Api;

/// <summary>Paths of the Kubernetes API for a model type.</summary>
internal static class ApiPath
{
    /// <summary>Path of a collection: of one namespace, or of the cluster where <paramref name="namespaceName"/> is null.</summary>
    public static string Collection<T>(string? namespaceName)
    {
        var entity = Entity<T>();
        var root = string.IsNullOrEmpty(entity.Group) ? $"api/{entity.ApiVersion}" : $"apis/{entity.Group}/{entity.ApiVersion}";
        return namespaceName is null
            ? $"{root}/{entity.PluralName}"
            : $"{root}/namespaces/{Uri.EscapeDataString(namespaceName)}/{entity.PluralName}";
    }

    /// <summary>Path of one object.</summary>
    public static string Object<T>(string? namespaceName, string name) =>
        $"{Collection<T>(namespaceName)}/{Uri.EscapeDataString(name)}";

    /// <summary>The kind, for messages: <c>Service</c>.</summary>
    public static string Kind<T>() => Entity<T>().Kind;

    private static KubernetesEntityAttribute Entity<T>() =>
        Known<T>.Entity ?? throw new InvalidOperationException($"{typeof(T)} is no Kubernetes kind.");

    /// <summary>Read once for each type: attributes are slow to read, and every request asks.</summary>
    private static class Known<T>
    {
        public static KubernetesEntityAttribute? Entity { get; } = typeof(T).GetCustomAttribute<KubernetesEntityAttribute>();
    }
}
