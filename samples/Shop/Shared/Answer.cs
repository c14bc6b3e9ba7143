using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shop;

/// <summary>What each of the three services answers: who it is, where it runs, which intercept headers reached it.</summary>
internal sealed record Answer
{
    private const string Prefix = "x-c6o-";

    public required string Who { get; init; }

    public required string Where { get; init; }

    [JsonPropertyName("propagated-headers")]
    public required SortedDictionary<string, string> PropagatedHeaders { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Stock { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Accepted { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Upstream { get; init; }

    public static Answer From(string who, HttpRequest request, IConfiguration configuration) => new()
    {
        Who = who,
        Where = configuration["WHERE"] ?? "local",
        PropagatedHeaders = new(
            request.Headers
                .Where(header => header.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                .ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
            StringComparer.Ordinal),
    };
}
