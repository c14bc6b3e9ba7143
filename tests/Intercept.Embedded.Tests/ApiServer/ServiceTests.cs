using System.Text.Json.Nodes;
using k8s;

namespace Intercept.Embedded.Tests.ApiServer;

public sealed class ServiceTests
{
    private const string Services = "/api/v1/namespaces/case-ns/services";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Service_gets_what_it_leaves_out()
    {
        await using var api = await TestApi.StartAsync();
        var (status, body) = await CreateAsync(api, "a", """{"selector":{"app":"x"},"ports":[{"port":80}]}""");
        Assert.Equal(201, status);
        var spec = body["spec"]!.AsObject();
        var address = (string?)spec["clusterIP"];
        Assert.StartsWith("10.96.", address, StringComparison.Ordinal);
        spec.Remove("clusterIP");
        spec.Remove("clusterIPs");
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"ports":[{"protocol":"TCP","port":80,"targetPort":80}],"selector":{"app":"x"},"type":"ClusterIP","sessionAffinity":"None","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","internalTrafficPolicy":"Cluster"}"""),
            spec));
        Assert.Equal("""{"loadBalancer":{}}""", body["status"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"type":"ExternalName","externalName":"db.example.com"}""", """{"type":"ExternalName","externalName":"db.example.com","sessionAffinity":"None"}""")]
    [InlineData(
        """{"clusterIP":"None","selector":{"app":"x"}}""",
        """{"clusterIP":"None","selector":{"app":"x"},"type":"ClusterIP","sessionAffinity":"None","internalTrafficPolicy":"Cluster","clusterIPs":["None"],"ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack"}""")]
    public async Task Services_without_an_address_have_none(string spec, string expected)
    {
        await using var api = await TestApi.StartAsync();
        var (_, body) = await CreateAsync(api, "a", spec);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), body["spec"]), body["spec"]!.ToJsonString());
    }

    [Fact]
    public async Task Node_ports_are_given_kept_and_freed()
    {
        await using var api = await TestApi.StartAsync();
        var (_, created) = await CreateAsync(api, "g", """{"type":"NodePort","ports":[{"port":80}]}""");
        var port = (int)created["spec"]!["ports"]![0]!["nodePort"]!;
        Assert.InRange(port, 30000, 32767);
        var (taken, refusal) = await CreateAsync(api, "h", $$"""{"type":"NodePort","ports":[{"port":80,"nodePort":{{port}} }]}""");
        Assert.Equal(422, taken);
        Assert.Equal($"Service \"h\" is invalid: spec.ports[0].nodePort: Invalid value: {port}: provided port is already allocated", (string?)refusal["message"]);

        var (_, updated) = await api.SendAsync(HttpMethod.Put, $"{Services}/g", JsonNode.Parse("""{"metadata":{"name":"g"},"spec":{"type":"NodePort","ports":[{"port":80}]}}"""));
        Assert.Equal(port, (int)updated["spec"]!["ports"]![0]!["nodePort"]!);
        await api.Client.DeleteNamespacedServiceAsync("g", TestApi.Space, cancellationToken: Token);
        (taken, _) = await CreateAsync(api, "h", $$"""{"type":"NodePort","ports":[{"port":80,"nodePort":{{port}} }]}""");
        Assert.Equal(201, taken);
    }

    [Fact]
    public async Task The_cluster_address_stays_and_is_not_given_twice()
    {
        await using var api = await TestApi.StartAsync();
        var (_, created) = await CreateAsync(api, "good", """{"ports":[{"port":80}]}""");
        var address = (string)created["spec"]!["clusterIP"]!;
        var (status, refusal) = await api.SendAsync(HttpMethod.Patch, $"{Services}/good", JsonNode.Parse("""{"spec":{"clusterIP":"10.96.9.9"}}"""), "application/merge-patch+json");
        Assert.Equal(422, status);
        Assert.Equal("Service \"good\" is invalid: spec.clusterIPs[0]: Invalid value: [\"10.96.9.9\"]: may not change once set", (string?)refusal["message"]);

        (status, refusal) = await CreateAsync(api, "dup", $$"""{"clusterIP":"{{address}}","ports":[{"port":80}]}""");
        Assert.Equal(422, status);
        Assert.Equal($"Service \"dup\" is invalid: spec.clusterIPs: Invalid value: [\"{address}\"]: failed to allocate IP {address}: provided IP is already allocated", (string?)refusal["message"]);
        // The refusal has not set the address free.
        (status, _) = await CreateAsync(api, "dup", $$"""{"clusterIP":"{{address}}","ports":[{"port":80}]}""");
        Assert.Equal(422, status);
    }

    [Theory]
    [InlineData("web", """{"ports":[{"port":0}]}""", "[spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive, spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive]")]
    [InlineData("web", """{}""", "spec.ports: Required value")]
    [InlineData("web", """{"ports":[{"port":80},{"port":81}]}""", "[spec.ports[0].name: Required value, spec.ports[1].name: Required value]")]
    [InlineData("web", """{"ports":[{"port":80,"name":"a"},{"port":81,"name":"a"}]}""", "spec.ports[1].name: Duplicate value: \"a\"")]
    [InlineData("web", """{"ports":[{"port":80,"protocol":"HTTP"}]}""", "spec.ports[0].protocol: Unsupported value: \"HTTP\": supported values: \"SCTP\", \"TCP\", \"UDP\"")]
    [InlineData("web", """{"type":"Magic","ports":[{"port":80}]}""", "spec.type: Unsupported value: \"Magic\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"")]
    [InlineData("web", """{"clusterIP":"10.99.99.99","ports":[{"port":80}]}""", "spec.clusterIPs: Invalid value: [\"10.99.99.99\"]: failed to allocate IP 10.99.99.99: the provided network does not match the current range")]
    [InlineData("1web", """{"ports":[{"port":80}]}""", "metadata.name: Invalid value: \"1web\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')")]
    public async Task A_mistake_is_told_as_Kubernetes_tells_it(string name, string spec, string expected)
    {
        await using var api = await TestApi.StartAsync();
        var (status, body) = await CreateAsync(api, name, spec);
        Assert.Equal(422, status);
        Assert.Equal($"Service \"{name}\" is invalid: {expected}", (string?)body["message"]);
    }

    private static Task<(int Status, JsonObject Body)> CreateAsync(TestApi api, string name, string spec) =>
        api.SendAsync(HttpMethod.Post, Services, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = JsonNode.Parse(spec) });
}
