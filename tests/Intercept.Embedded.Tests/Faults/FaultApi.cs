using System.Text.Json.Nodes;
using Intercept.Embedded.Faults;
using Intercept.Embedded.Tests.ApiServer;

namespace Intercept.Embedded.Tests.Faults;

/// <summary>Short ways to the ConfigMaps that the tests of faults use.</summary>
internal static class FaultApi
{
    public const string ConfigMaps = "/api/v1/namespaces/case-ns/configmaps";

    public static ApiCallFilter Calls(string verb, string? name = null) => new() { Verb = verb, Resource = "configmaps", Name = name };

    public static Task<(int Status, JsonObject Body)> CreateAsync(this TestApi api, string name) =>
        api.SendAsync(HttpMethod.Post, ConfigMaps, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["data"] = new JsonObject { ["a"] = "0" } });

    public static Task<(int Status, JsonObject Body)> WriteAsync(this TestApi api, string name, string value) =>
        api.SendAsync(HttpMethod.Patch, $"{ConfigMaps}/{name}", new JsonObject { ["data"] = new JsonObject { ["a"] = value } }, "application/merge-patch+json");

    public static Task<(int Status, JsonObject Body)> ReadAsync(this TestApi api, string name) => api.SendAsync(HttpMethod.Get, $"{ConfigMaps}/{name}");

    public static async Task<string?> ValueAsync(this TestApi api, string name) => (string?)(await api.ReadAsync(name)).Body["data"]!["a"];
}
