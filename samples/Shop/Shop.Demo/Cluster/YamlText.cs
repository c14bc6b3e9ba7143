using System.Text.Json;
using YamlDotNet.Serialization;

namespace Shop.Demo.Cluster;

/// <summary>JSON from the API as YAML for people.</summary>
internal static class YamlText
{
    private const string Bookkeeping = "managedFields";

    public static string Of(JsonElement element) =>
        new SerializerBuilder().WithQuotingNecessaryStrings().Build().Serialize(Plain(element)!);

    private static object? Plain(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject()
            .Where(member => member.Name != Bookkeeping)
            .ToDictionary(member => member.Name, member => Plain(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Select(Plain).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var number) ? number : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
