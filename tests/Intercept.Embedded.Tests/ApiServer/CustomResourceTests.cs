using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Intercept.Embedded.Tests.ApiServer;

public sealed class CustomResourceTests
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private const string Sessions = "/apis/system.codezero.io/v1/namespaces/case-ns/sessions";

    private const string Merge = "application/merge-patch+json";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_definition_is_established_served_and_taken_down_with_its_objects()
    {
        await using var api = await TestApi.StartAsync();
        var (before, text) = await api.SendAsync(HttpMethod.Get, Sessions);
        Assert.Equal((404, "404 page not found\n"), (before, (string?)text["text"]));

        await DefineAsync(api);
        var definition = await api.Client.ReadCustomResourceDefinitionAsync("sessions.system.codezero.io", cancellationToken: Token);
        Assert.Equal(["NamesAccepted=True", "Established=True"], definition.Status.Conditions.Select(condition => $"{condition.Type}={condition.Status}"));
        Assert.Equal("SessionList", definition.Spec.Names.ListKind);
        var (_, discovery) = await api.SendAsync(HttpMethod.Get, "/apis/system.codezero.io/v1");
        Assert.Equal(["sessions", "sessions/status"], discovery["resources"]!.AsArray().Select(resource => (string?)resource!["name"]));

        await CreateAsync(api, "s1");
        var (_, list) = await api.SendAsync(HttpMethod.Get, Sessions);
        Assert.Equal("SessionList", (string?)list["kind"]);
        await using var watch = await WatchLines.OpenAsync(api, $"{Sessions}?watch=true");
        Assert.Equal("ADDED", (string?)(await watch.NextAsync())["type"]);
        await api.Client.DeleteCustomResourceDefinitionAsync("sessions.system.codezero.io", cancellationToken: Token);
        Assert.Equal("DELETED", (string?)(await watch.NextAsync())["type"]);
        await TestApi.UntilAsync(() => api.IsGoneAsync($"{Definitions}/sessions.system.codezero.io"));
        (var after, text) = await api.SendAsync(HttpMethod.Get, $"{Sessions}/s1");
        Assert.Equal((404, "404 page not found\n"), (after, (string?)text["text"]));
    }

    [Fact]
    public async Task Defaults_are_filled_in_and_unknown_fields_pruned()
    {
        await using var api = await TestApi.StartAsync();
        await DefineAsync(api);
        var (status, body) = await api.SendAsync(HttpMethod.Post, Sessions, JsonNode.Parse(
            """{"apiVersion":"system.codezero.io/v1","kind":"Session","metadata":{"name":"s"},"other":1,"spec":{"service":"web","nope":1,"extra":{"any":[1]},"targets":[{"name":"t"}]},"status":{"phase":"Ready"}}"""));
        Assert.Equal(201, status);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"service":"web","port":80,"extra":{"any":[1]},"targets":[{"name":"t","weight":1}]}"""),
            body["spec"]));
        Assert.Null(body["other"]);
        Assert.Null(body["status"]);
        Assert.Equal(1, (int)body["metadata"]!["generation"]!);

        var (strict, failure) = await api.SendAsync(HttpMethod.Post, $"{Sessions}?fieldValidation=Strict", JsonNode.Parse(
            """{"apiVersion":"system.codezero.io/v1","kind":"Session","metadata":{"name":"x"},"spec":{"service":"web","nope":1}}"""));
        Assert.Equal(400, strict);
        Assert.Equal("Session in version \"v1\" cannot be handled as a Session: strict decoding error: unknown field \"spec.nope\"", (string?)failure["message"]);
    }

    [Theory]
    [InlineData("""{}""", "spec.service: Required value", true)]
    [InlineData("""{"service":"web","port":"80"}""", "spec.port: Invalid value: \"string\": spec.port in body must be of type integer: \"string\"", true)]
    [InlineData("""{"service":"web","port":0}""", "spec.port: Invalid value: 0: spec.port in body should be greater than or equal to 1", false)]
    [InlineData("""{"service":"web","mode":"frob"}""", "spec.mode: Unsupported value: \"frob\": supported values: \"intercept\", \"mirror\"", true)]
    [InlineData("""{"service":"Not OK"}""", "spec.service: Invalid value: \"Not OK\": spec.service in body should match '^[a-z0-9-]+$'", false)]
    public async Task A_spec_that_breaks_the_schema_is_refused(string spec, string expected, bool blocksRules)
    {
        await using var api = await TestApi.StartAsync();
        await DefineAsync(api);
        var (status, body) = await api.SendAsync(HttpMethod.Post, Sessions, JsonNode.Parse(
            $$"""{"apiVersion":"system.codezero.io/v1","kind":"Session","metadata":{"name":"x"},"spec":{{spec}} }"""));
        Assert.Equal(422, status);
        const string unchecked_ = "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
        Assert.Equal(
            $"Session.system.codezero.io \"x\" is invalid: {(blocksRules ? $"[{expected}, {unchecked_}]" : expected)}",
            (string?)body["message"]);
    }

    [Fact]
    public async Task Status_and_spec_are_written_apart()
    {
        await using var api = await TestApi.StartAsync();
        await DefineAsync(api);
        await CreateAsync(api, "s");
        var (_, ignored) = await api.SendAsync(HttpMethod.Patch, $"{Sessions}/s", JsonNode.Parse("""{"status":{"phase":"Ready"}}"""), Merge);
        Assert.Null(ignored["status"]);
        var (_, status) = await api.SendAsync(HttpMethod.Patch, $"{Sessions}/s/status", JsonNode.Parse("""{"status":{"phase":"Ready"},"spec":{"port":1}}"""), Merge);
        Assert.Equal("Ready", (string?)status["status"]!["phase"]);
        Assert.Equal(80, (int)status["spec"]!["port"]!);
        Assert.Equal(1, (int)status["metadata"]!["generation"]!);
        var (_, spec) = await api.SendAsync(HttpMethod.Patch, $"{Sessions}/s", JsonNode.Parse("""{"spec":{"port":81}}"""), Merge);
        Assert.Equal(2, (int)spec["metadata"]!["generation"]!);
        Assert.Equal("Ready", (string?)spec["status"]!["phase"]);
    }

    [Fact]
    public async Task An_update_needs_a_version_and_a_strategic_patch_is_not_for_custom_kinds()
    {
        await using var api = await TestApi.StartAsync();
        await DefineAsync(api);
        var (_, session) = await CreateAsync(api, "s");
        session["metadata"]!.AsObject().Remove("resourceVersion");
        var (status, failure) = await api.SendAsync(HttpMethod.Put, $"{Sessions}/s", session);
        Assert.Equal(422, status);
        Assert.Equal("sessions.system.codezero.io \"s\" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update", (string?)failure["message"]);
        var (patch, refused) = await api.SendAsync(HttpMethod.Patch, $"{Sessions}/s", new JsonObject(), "application/strategic-merge-patch+json");
        Assert.Equal(415, patch);
        Assert.Contains("application/merge-patch+json", (string?)refused["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_immutable_field_stays_and_other_rules_are_refused()
    {
        await using var api = await TestApi.StartAsync();
        await DefineAsync(api);
        await CreateAsync(api, "s");
        var (status, failure) = await api.SendAsync(HttpMethod.Patch, $"{Sessions}/s", JsonNode.Parse("""{"spec":{"service":"other"}}"""), Merge);
        Assert.Equal(422, status);
        Assert.Equal("Session.system.codezero.io \"s\" is invalid: spec.service: Invalid value: \"other\": the service is immutable", (string?)failure["message"]);

        var other = Definition();
        other["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["x-kubernetes-validations"] =
            JsonNode.Parse("""[{"rule":"self.port < 10"}]""");
        other["metadata"]!["name"] = "sessions.other.io";
        other["spec"]!["group"] = "other.io";
        var (refused, _) = await api.SendAsync(HttpMethod.Post, Definitions, other);
        Assert.Equal(422, refused);
    }

    [Fact]
    public async Task The_generic_client_of_KubernetesClient_works_on_them()
    {
        await using var api = await TestApi.StartAsync();
        await DefineAsync(api);
        using var sessions = new GenericClient(api.Client, "system.codezero.io", "v1", "sessions", disposeClient: false);
        var missing = await TestApi.FailureAsync(() => sessions.ReadNamespacedAsync<V1ConfigMap>(TestApi.Space, "nope", Token), HttpStatusCode.NotFound);
        Assert.Equal("sessions.system.codezero.io \"nope\" not found", missing.Message);
    }

    private static Task<(int Status, JsonObject Body)> CreateAsync(TestApi api, string name) => api.SendAsync(HttpMethod.Post, Sessions, JsonNode.Parse(
        $$"""{"apiVersion":"system.codezero.io/v1","kind":"Session","metadata":{"name":"{{name}}"},"spec":{"service":"web"} }"""));

    private static async Task DefineAsync(TestApi api)
    {
        var (status, _) = await api.SendAsync(HttpMethod.Post, Definitions, Definition());
        Assert.Equal(201, status);
    }

    private static JsonNode Definition() => JsonNode.Parse(
        """
        {
          "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
          "metadata": { "name": "sessions.system.codezero.io" },
          "spec": {
            "group": "system.codezero.io", "scope": "Namespaced",
            "names": { "kind": "Session", "plural": "sessions", "shortNames": ["sess"] },
            "versions": [{
              "name": "v1", "served": true, "storage": true, "subresources": { "status": {} },
              "schema": { "openAPIV3Schema": {
                "type": "object", "required": ["spec"],
                "properties": {
                  "spec": {
                    "type": "object", "required": ["service"],
                    "properties": {
                      "service": { "type": "string", "pattern": "^[a-z0-9-]+$", "x-kubernetes-validations": [{ "rule": "self == oldSelf", "message": "the service is immutable" }] },
                      "port": { "type": "integer", "minimum": 1, "maximum": 65535, "default": 80 },
                      "mode": { "type": "string", "enum": ["intercept", "mirror"] },
                      "extra": { "type": "object", "x-kubernetes-preserve-unknown-fields": true },
                      "targets": { "type": "array", "items": { "type": "object", "properties": { "name": { "type": "string" }, "weight": { "type": "integer", "default": 1 } } } }
                    }
                  },
                  "status": { "type": "object", "properties": { "phase": { "type": "string" } } }
                }
              } }
            }]
          }
        }
        """)!;
}
