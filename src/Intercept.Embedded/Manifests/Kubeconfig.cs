namespace Intercept.Embedded.Manifests;

/// <summary>What kubectl and its kind read to find a cluster.</summary>
internal static class Kubeconfig
{
    /// <remarks>The credentials stand in the server's URL because clients in Go keep every other kind to themselves over http.</remarks>
    public static string Of(Uri server, string token, string namespaceName) =>
        $$"""
        apiVersion: v1
        kind: Config
        clusters: [{ name: embedded, cluster: { server: "{{server.Scheme}}://embedded:{{token}}@{{server.Authority}}" } }]
        users: [{ name: embedded, user: {} }]
        contexts: [{ name: embedded, context: { cluster: embedded, user: embedded, namespace: {{namespaceName}} } }]
        current-context: embedded

        """;
}
