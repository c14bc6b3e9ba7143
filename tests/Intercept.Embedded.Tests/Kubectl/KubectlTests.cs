using System.Text.Json.Nodes;
using k8s.Models;

namespace Intercept.Embedded.Tests.Kubectl;

/// <summary>The commands that people use on what an intercept has left.</summary>
public sealed class KubectlTests
{
    private const string Things =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: sessions.system.codezero.io }
        spec:
          group: system.codezero.io
          scope: Namespaced
          names: { plural: sessions, singular: session, kind: Session, listKind: SessionList }
          versions:
          - name: v1
            served: true
            storage: true
            schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
        ---
        { apiVersion: system.codezero.io/v1, kind: Session, metadata: { name: leaf, namespace: shop }, spec: { service: leaf } }
        ---
        { apiVersion: v1, kind: ConfigMap, metadata: { name: leaf, namespace: shop }, data: { a: b } }
        ---
        { apiVersion: v1, kind: ServiceAccount, metadata: { name: leaf, namespace: shop } }
        ---
        { apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: { name: leaf, namespace: shop }, rules: [] }
        ---
        { apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: { name: leaf, namespace: shop }, roleRef: { kind: Role, name: leaf, apiGroup: rbac.authorization.k8s.io } }
        ---

        """;

    [Fact]
    public async Task A_service_is_read_patched_annotated_and_labelled()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = KubectlRun.Against(cluster.Embedded);
        await cluster.ApplyAsync(ShopYaml.Service("leaf", "leaf"));

        Assert.Equal("service/leaf", await kubectl.RunAsync("get", "service", "leaf", "-n", "shop", "-o", "name"));
        await kubectl.RunAsync("patch", "service", "leaf", "-n", "shop", "--type=json", "-p", """[{"op":"replace","path":"/spec/ports/0/targetPort","value":7}]""");
        await kubectl.RunAsync("patch", "service", "leaf", "-n", "shop", "--type=merge", "-p", """{"metadata":{"labels":{"k":"v"},"annotations":{"k":"v"}}}""");
        var patched = JsonNode.Parse(await kubectl.RunAsync("get", "service", "leaf", "-n", "shop", "-o", "json"))!;
        Assert.Equal((7, "v", "v"), ((int)patched["spec"]!["ports"]![0]!["targetPort"]!, (string?)patched["metadata"]!["labels"]!["k"], (string?)patched["metadata"]!["annotations"]!["k"]));

        await kubectl.RunAsync("annotate", "service", "leaf", "-n", "shop", "k-");
        await kubectl.RunAsync("label", "service", "leaf", "-n", "shop", "k-");

        var left = cluster.Api.Get<V1Service>("shop", "leaf")!;
        Assert.Null(left.Metadata.Labels);
        Assert.Null(left.Metadata.Annotations);
    }

    [Fact]
    public async Task Everything_that_an_intercept_makes_is_deleted()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = KubectlRun.Against(cluster.Embedded);
        await cluster.ApplyAsync(Things + ShopYaml.App("leaf"));
        await cluster.WaitUntilReadyAsync();
        Assert.Contains("leaf", await kubectl.RunAsync("get", "sessions", "-n", "shop"), StringComparison.Ordinal);

        foreach (var kind in new[] { "deployment", "configmap", "service", "session", "role", "rolebinding", "serviceaccount" })
        {
            Assert.Contains("\"leaf\" deleted", await kubectl.RunAsync("delete", kind, "leaf", "-n", "shop", "--wait=true"), StringComparison.Ordinal);
            var (code, _, error) = await kubectl.TryAsync("delete", kind, "leaf", "-n", "shop");
            Assert.Equal(1, code);
            Assert.EndsWith("\"leaf\" not found", error, StringComparison.Ordinal);
            Assert.Equal("", await kubectl.RunAsync("delete", kind, "leaf", "-n", "shop", "--ignore-not-found"));
        }
    }

    [Fact]
    public async Task A_service_is_applied_and_replaced()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = KubectlRun.Against(cluster.Embedded);
        var (first, second) = (kubectl.Write(ShopYaml.Service("leaf", "leaf")), kubectl.Write(ShopYaml.Service("leaf", "leaf", targetPort: "9090")));
        // A kubectl before 1.29 validates by schemas that the cluster does not have.
        const string unvalidated = "--validate=false";

        Assert.Equal("service/leaf created", await kubectl.RunAsync("apply", unvalidated, "-f", first));
        Assert.Equal("service/leaf unchanged", await kubectl.RunAsync("apply", unvalidated, "-f", first));
        Assert.Equal("service/leaf configured", await kubectl.RunAsync("apply", unvalidated, "-f", second));
        Assert.Equal("service/leaf replaced", await kubectl.RunAsync("replace", unvalidated, "-f", first));
        Assert.Equal("service/leaf serverside-applied", await kubectl.RunAsync("apply", "--server-side", "--force-conflicts", unvalidated, "-f", second));

        Assert.Equal("9090", cluster.Api.Get<V1Service>("shop", "leaf")!.Spec.Ports[0].TargetPort.Value);
    }
}
