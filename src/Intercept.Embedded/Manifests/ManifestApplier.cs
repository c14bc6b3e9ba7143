using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Intercept.Embedded.Manifests;

/// <summary>Creates objects of any kind through the API server, or merges them into those that are there: what <c>kubectl apply</c> is used for.</summary>
internal sealed class ManifestApplier(HttpClient http)
{
    public const string FieldManager = "intercept-embedded";

    private readonly Dictionary<string, JsonArray> _resources = [];

    /// <summary>Applies namespaces first, then custom resource definitions, then the rest in its own order.</summary>
    public async Task ApplyAsync(IReadOnlyList<JsonObject> objects, string source, CancellationToken cancellationToken)
    {
        foreach (var json in objects.OrderBy(Precedence))
        {
            await ApplyAsync(json, source, cancellationToken).ConfigureAwait(false);
        }
    }

    private static int Precedence(JsonObject json) => (string?)json["kind"] switch
    {
        "Namespace" => 0,
        "CustomResourceDefinition" => 1,
        "Deployment" or "Pod" or "ReplicaSet" => 3,
        _ => 2,
    };

    private async Task ApplyAsync(JsonObject json, string source, CancellationToken cancellationToken)
    {
        var (kind, name) = ((string?)json["kind"], (string?)json["metadata"]?["name"]);
        var collection = await CollectionAsync(json, source, cancellationToken).ConfigureAwait(false);
        using var created = await http.PostAsJsonAsync($"{collection}?fieldManager={FieldManager}", json, cancellationToken).ConfigureAwait(false);
        if (created.StatusCode == HttpStatusCode.Conflict && name is not null)
        {
            using var content = new StringContent(json.ToJsonString(), Encoding.UTF8, "application/merge-patch+json");
            using var patched = await http.PatchAsync($"{collection}/{name}?fieldManager={FieldManager}", content, cancellationToken).ConfigureAwait(false);
            await RequireAsync(patched, $"{source}: {kind} {name} could not be updated", cancellationToken).ConfigureAwait(false);
            return;
        }

        await RequireAsync(created, $"{source}: {kind} {name} could not be created", cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> CollectionAsync(JsonObject json, string source, CancellationToken cancellationToken)
    {
        var (version, kind) = ((string)json["apiVersion"]!, (string)json["kind"]!);
        var root = version.Contains('/', StringComparison.Ordinal) ? $"/apis/{version}" : $"/api/{version}";
        var resource = await FindAsync(root, kind, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"{source}: the embedded cluster has no kind {kind} in {version}. If it is a custom resource, apply its CustomResourceDefinition first.");
        var plural = (string)resource["name"]!;
        return (bool)resource["namespaced"]!
            ? $"{root}/namespaces/{(string?)json["metadata"]?["namespace"] ?? "default"}/{plural}"
            : $"{root}/{plural}";
    }

    private async Task<JsonNode?> FindAsync(string root, string kind, CancellationToken cancellationToken)
    {
        if (_resources.TryGetValue(root, out var known) && Find(known) is { } resource)
        {
            return resource;
        }

        using var response = await http.GetAsync(root, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await RequireAsync(response, $"GET {root}", cancellationToken).ConfigureAwait(false);
        var list = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken).ConfigureAwait(false);
        return Find(_resources[root] = list!["resources"]!.AsArray());

        JsonNode? Find(JsonArray resources) =>
            resources.FirstOrDefault(entry => (string?)entry!["kind"] == kind && !((string)entry["name"]!).Contains('/', StringComparison.Ordinal));
    }

    private static async Task RequireAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            throw new InvalidOperationException($"{what}: {(int)response.StatusCode} {Message(body)}");
        }
    }

    private static string Message(string body)
    {
        try
        {
            return (string?)JsonNode.Parse(body)?["message"] ?? body;
        }
        catch (System.Text.Json.JsonException)
        {
            return body;
        }
    }
}
