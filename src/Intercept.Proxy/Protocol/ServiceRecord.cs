using System.Text.Json;

namespace Intercept.Proxy.Protocol;

/// <summary>
/// The record that a hijacked Service carries in annotation <see cref="ProtocolNames.Record"/>: all that is needed to undo the
/// hijack, and who takes part. The Service is the one place where participants meet: each change of it is one compare-and-swap.
/// </summary>
internal sealed record ServiceRecord(
    int Version,
    ServiceRouting Hijack,
    ServiceRouting Original,
    IReadOnlyList<Participant> Participants)
{
    /// <summary>The version that is written and understood here.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The longest text that is written or read, in characters.</summary>
    public const int LargestRecord = 16 * 1024;

    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = 8,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads a record's text.</summary>
    /// <exception cref="UnreadableRecordException">It is no record of this version.</exception>
    public static ServiceRecord Parse(string text)
    {
        try
        {
            if (text.Length <= LargestRecord
                && JsonSerializer.Deserialize<ServiceRecord>(text, JsonOptions) is { Version: CurrentVersion } record
                && !record.Participants.Contains(null!)
                && !record.Original.Ports.Contains(null!)
                && !record.Hijack.Ports.Contains(null!))
            {
                return record;
            }
        }
        catch (JsonException exception)
        {
            throw new UnreadableRecordException(exception);
        }

        throw new UnreadableRecordException(null);
    }

    /// <summary>The same without one participant.</summary>
    public ServiceRecord Without(Participant participant) =>
        this with { Participants = Participants.Where(other => other != participant).ToArray() };

    /// <summary>The annotation's text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonOptions);
}

/// <summary>A Service carries a record that can't be understood: nobody may guess what its original was.</summary>
internal sealed class UnreadableRecordException(Exception? innerException)
    : Exception($"The annotation {ProtocolNames.Record} is no record of version {ServiceRecord.CurrentVersion}.", innerException);
