using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s.Models;

namespace Intercept.Engine.Journal;

/// <summary>
/// A Session's spec and status as JSON. What is read may have been written by anybody: its size and depth are limited, and the
/// names in it must be names before they are used.
/// </summary>
internal static class SessionText
{
    private const int LargestSpec = 512 * 1024;
    private const int LongestName = 63;

    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = 64,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write(SessionSpec spec) => JsonSerializer.Serialize(spec, JsonOptions);

    /// <summary>The whole Session, but for metadata and status, as it stands in a ConfigMap.</summary>
    public static string WriteWhole(SessionSpec spec) => new JsonObject
    {
        ["apiVersion"] = $"{SessionResource.GroupName}/{SessionResource.VersionName}",
        ["kind"] = SessionResource.KindName,
        ["spec"] = JsonSerializer.SerializeToNode(spec, JsonOptions),
    }.ToJsonString();

    /// <summary>The spec's own text in a whole Session; null where there is none.</summary>
    public static string? FindSpec(string? session)
    {
        try
        {
            return session is { Length: <= LargestSpec }
                && JsonSerializer.Deserialize<JsonElement>(session, JsonOptions) is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("spec", out var spec) ? spec.GetRawText() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads Sessions one by one; those that are none of this version are named beside.</summary>
    public static JournalContent ReadAll(JournalForm form, IEnumerable<(V1ObjectMeta Metadata, string? Spec, string? Status)> found)
    {
        var sessions = new List<SessionResource>();
        var unreadable = new List<UnreadableSession>();
        foreach (var (metadata, spec, status) in found)
        {
            try
            {
                sessions.Add(Read(form, metadata, spec, status));
            }
            catch (JsonException exception)
            {
                unreadable.Add(new UnreadableSession(form, metadata, exception.Message));
            }
        }

        return new JournalContent(sessions, unreadable);
    }

    /// <summary>The status; null where there is none that can be read: it is only a hint.</summary>
    public static SessionStatus? ReadStatus(string? text)
    {
        try
        {
            return text is { Length: <= LargestSpec } ? JsonSerializer.Deserialize<SessionStatus>(text, JsonOptions) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SessionResource Read(JournalForm form, V1ObjectMeta metadata, string? spec, string? status)
    {
        if (spec is null || spec.Length > LargestSpec)
        {
            throw new JsonException(spec is null ? "it has no spec" : $"its spec is longer than {LargestSpec} characters");
        }

        var read = JsonSerializer.Deserialize<SessionSpec>(spec, JsonOptions) ?? throw new JsonException("its spec is null");
        Check(read, metadata);
        return new SessionResource { Form = form, Metadata = metadata, Spec = read, Status = ReadStatus(status) };
    }

    private static void Check(SessionSpec spec, V1ObjectMeta metadata)
    {
        string[] names = [spec.Service.Namespace, spec.Service.Name, spec.Residue.Deployment, spec.Residue.ConfigMap, spec.Residue.Decoy];
        if (names.FirstOrDefault(name => !IsName(name)) is { } wrong)
        {
            throw new JsonException($"'{(wrong.Length > LongestName ? wrong[..LongestName] : wrong)}' in it is no name");
        }

        if (spec.Service.Namespace != metadata.NamespaceProperty)
        {
            throw new JsonException($"it names a Service in another namespace, {spec.Service.Namespace}");
        }

        if (spec.Original.Ports.Concat(spec.Hijack.Ports).Any(port => port is null)
            || spec.Original.Selector.Concat(spec.Hijack.Selector).Any(pair => pair.Value is null))
        {
            throw new JsonException("its routing has an entry that is null");
        }

        if (spec.TtlSeconds <= 0)
        {
            throw new JsonException($"its ttlSeconds is {spec.TtlSeconds}");
        }
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
        && text[0] != '-'
        && text[^1] != '-';
}
