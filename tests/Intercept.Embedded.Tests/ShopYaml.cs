namespace Intercept.Embedded.Tests;

/// <summary>Manifests of the namespace "shop".</summary>
internal static class ShopYaml
{
    /// <summary>A Deployment of the image "hop" with one container; <paramref name="container"/> is more YAML of it.</summary>
    public static string Deployment(string name, int replicas = 1, string container = "", string pod = "") =>
        $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: {{name}}, namespace: shop }
        spec:
          replicas: {{replicas}}
          selector: { matchLabels: { app: {{name}} } }
          template:
            metadata: { labels: { app: {{name}} } }
            spec:
              {{Indent(pod, 6)}}
              containers:
              - name: main
                image: hop
                {{Indent(container, 8)}}
        ---

        """;

    public static string Service(string name, string selects, int port = 80, string targetPort = "8080") =>
        $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}}, namespace: shop }
        spec:
          selector: { app: {{selects}} }
          ports: [{ port: {{port}}, targetPort: {{targetPort}} }]
        ---

        """;

    /// <summary>A Deployment with its Service on port 80.</summary>
    public static string App(string name, int replicas = 1, string container = "") =>
        Deployment(name, replicas, container) + Service(name, name);

    private static string Indent(string yaml, int by) => yaml.ReplaceLineEndings("\n" + new string(' ', by));
}
