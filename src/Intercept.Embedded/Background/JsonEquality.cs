using k8s;

namespace Intercept.Embedded.Background;

/// <summary>Whether two parts of Kubernetes objects say the same.</summary>
internal static class JsonEquality
{
    public static bool Same<T>(T? left, T? right)
        where T : class => Text(left) == Text(right);

    private static string Text<T>(T? value)
        where T : class => value is null ? "" : KubernetesJson.Serialize(value);
}
