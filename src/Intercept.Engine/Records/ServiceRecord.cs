using System.Text.Json;
using k8s.Models;

namespace Intercept.Engine.Records;

/// <summary>
/// The record that a hijacked Service carries in annotation <see cref="Labels.Record"/>: all that is needed to undo the hijack,
/// and who takes part. The Service is the one place where participants meet: each change of it is one compare-and-swap.
/// </summary>
internal sealed record ServiceRecord(
    int Version,
    ServiceRouting Hijack,
    ServiceRouting Original,
    IReadOnlyList<Participant> Participants,
    IReadOnlyList<Participant> Fences)
{
    /// <summary>The version that this engine writes and understands.</summary>
    public const int CurrentVersion = 1;

    private const int LargestRecord = 16 * 1024;

    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = 8,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads the record of a Service; null where it carries none.</summary>
    /// <exception cref="InterceptException">There is one that can't be understood.</exception>
    public static ServiceRecord? Of(V1Service service)
    {
        if (service.Metadata.Annotations is not { } annotations || !annotations.TryGetValue(Labels.Record, out var text))
        {
            return null;
        }

        return Parse(text, $"{service.Metadata.NamespaceProperty}/{service.Metadata.Name}");
    }

    /// <summary>The annotation's text.</summary>
    /// <exception cref="InterceptException">There are more participants than fit.</exception>
    public string ToJson()
    {
        var text = JsonSerializer.Serialize(this, JsonOptions);
        return text.Length <= LargestRecord
            ? text
            : throw new InterceptException(
                $"{Participants.Count} intercepts stand on this Service already; their record would be larger than {LargestRecord} bytes. "
                + "Let tests share one intercept (BeginTestAsync) instead of opening one each.");
    }

    private static ServiceRecord Parse(string text, string service)
    {
        try
        {
            if (text.Length <= LargestRecord
                && JsonSerializer.Deserialize<ServiceRecord>(text, JsonOptions) is { Version: CurrentVersion } record)
            {
                return record;
            }
        }
        catch (JsonException exception)
        {
            throw Unreadable(service, exception);
        }

        throw Unreadable(service, null);
    }

    private static InterceptException Unreadable(string service, Exception? cause) => new(
        $"Service {service} carries the annotation {Labels.Record}, but it can't be read as a record of version {CurrentVersion}. "
        + "A newer version of Intercept may have written it, or somebody edited it. Nothing was changed. "
        + $"Close the intercept with the version that opened it; its Session is in the same namespace (kubectl get sessions -n {service.Split('/')[0]}).",
        cause);
}
