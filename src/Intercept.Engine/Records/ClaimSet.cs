using System.Text.Json;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Records;

/// <summary>The participants that need one of our objects, in its annotation <see cref="Labels.Claims"/>.</summary>
internal static class ClaimSet
{
    private const int LargestAnnotation = 16 * 1024;

    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { MaxDepth = 4 };

    /// <summary>Who claims the object. What can't be read counts as nobody: the object is then nobody's, and is swept.</summary>
    public static IReadOnlyList<Participant> Of(IKubernetesObject<V1ObjectMeta> resource)
    {
        if (resource.Metadata.Annotations is not { } annotations
            || !annotations.TryGetValue(Labels.Claims, out var text)
            || text.Length > LargestAnnotation)
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize<IReadOnlyList<Participant>>(text, JsonOptions) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>The annotation's text.</summary>
    public static string ToJson(IEnumerable<Participant> claims) => JsonSerializer.Serialize(claims, JsonOptions);
}
