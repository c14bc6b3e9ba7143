using System.Text.Json;
using System.Text.Json.Nodes;
using Intercept.Proxy.Configuration;
using Intercept.Proxy.Protocol;

namespace Intercept.Proxy.Reaping;

/// <summary>Reads, marks and deletes the Sessions of participants.</summary>
internal sealed class SessionReader(ApiClient api, ReaperConfiguration names)
{
    private const int LongestName = 253;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>What there is under a participant's name; its uid tells whether it is that participant's. Null where there is nothing.</summary>
    public async Task<SessionSighting?> FindAsync(Participant participant)
    {
        // The name comes from an annotation, and becomes part of a path.
        if (!IsName(participant.Id))
        {
            return null;
        }

        var path = $"/apis/system.codezero.io/v1/namespaces/{names.Namespace}/sessions/{participant.Id}";
        if ((await api.GetAsync(path)).Body is { } session)
        {
            return new SessionSighting(path, LiveReader.ReadObject(session), false, session["spec"] as JsonObject, session["status"] as JsonObject);
        }

        path = $"/api/v1/namespaces/{names.Namespace}/configmaps/{participant.Id}";
        if ((await api.GetAsync(path)).Body is not { } map)
        {
            return null;
        }

        var live = LiveReader.ReadObject(map);
        return live.IsOurs && Parse(map["data"]?[ProtocolNames.SessionData]?.ToString()) is { } kept
            ? new SessionSighting(path, live, true, kept["spec"] as JsonObject, Parse(live.Annotation(ProtocolNames.SessionStatus)))
            : null;
    }

    /// <summary>
    /// Marks a Session as being closed, in the version that was seen: where its holder has given a sign of life since, this
    /// fails, and nothing has happened.
    /// </summary>
    public async Task<bool> MarkClosingAsync(SessionSighting session)
    {
        var status = (JsonObject?)session.Status?.DeepClone() ?? [];
        status["phase"] = "Closing";
        status["message"] = $"No sign of life for {session.TimeToLive.TotalSeconds:0} s: the proxy closes it.";
        var answer = session.IsConfigMap
            ? await api.PatchAsync(session.Path, JsonPatch.For(session.Live).SetAnnotation(session.Live, ProtocolNames.SessionStatus, status.ToJsonString()))
            : await api.MergeAsync($"{session.Path}/status", new JsonObject
            {
                ["metadata"] = new JsonObject { ["uid"] = session.Live.Uid, ["resourceVersion"] = session.Live.ResourceVersion },
                ["status"] = status,
            });
        return answer.IsDone;
    }

    /// <summary>Deletes a participant's Session, if it is still there.</summary>
    public async Task DeleteAsync(Participant participant)
    {
        while (await FindAsync(participant) is { } session && session.Live.Uid == participant.Uid && !session.Live.IsTerminating)
        {
            await api.DeleteAsync(session.Path, session.Live);
        }
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName
        && text.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '.')
        && char.IsAsciiLetterOrDigit(text[0]);

    /// <summary>What can't be read tells nothing: neither a heartbeat nor anything else.</summary>
    private static JsonObject? Parse(string? json)
    {
        try
        {
            return json is null ? null : JsonNode.Parse(json, null, Strict) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
