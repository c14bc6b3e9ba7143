using System.Text.Json;

namespace Intercept.Proxy.Protocol;

/// <summary>Participants as the text of an annotation: the claims on one of our objects, the fences on a Service.</summary>
internal static class ParticipantList
{
    private const int LargestAnnotation = 16 * 1024;

    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = 4,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads an annotation. What can't be read counts as nobody: a claim is then nobody's, and its object is swept.</summary>
    public static IReadOnlyList<Participant> Read(LiveObject live, string annotation)
    {
        if (live.Annotation(annotation) is not { Length: <= LargestAnnotation } text)
        {
            return [];
        }

        try
        {
            var participants = JsonSerializer.Deserialize<IReadOnlyList<Participant?>>(text, JsonOptions) ?? [];
            return participants.OfType<Participant>().ToArray();
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>The annotation's text.</summary>
    public static string ToJson(IEnumerable<Participant> participants) => JsonSerializer.Serialize(participants, JsonOptions);
}
