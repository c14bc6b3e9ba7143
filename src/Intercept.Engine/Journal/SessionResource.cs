using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Intercept.Proxy.Protocol;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Journal;

/// <summary>
/// The custom resource <c>sessions.system.codezero.io</c>: the journal of one participant. Its spec is written once, before
/// anything else is changed, and holds the complete undo; its status is a hint for people.
/// </summary>
[KubernetesEntity(Group = SessionResource.GroupName, ApiVersion = SessionResource.VersionName, Kind = SessionResource.KindName, PluralName = SessionResource.Plural)]
internal sealed class SessionResource : IKubernetesObject<V1ObjectMeta>
{
    public const string GroupName = "system.codezero.io";
    public const string VersionName = "v1";
    public const string KindName = "Session";
    public const string Plural = "sessions";

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = $"{GroupName}/{VersionName}";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = KindName;

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("spec")]
    public required SessionSpec Spec { get; init; }

    [JsonPropertyName("status")]
    public SessionStatus? Status { get; init; }

    /// <summary>As what it stands in the cluster.</summary>
    [JsonIgnore]
    public JournalForm Form { get; init; }

    /// <summary>Whether somebody, its own process or another, closes this participant. Nothing takes that back.</summary>
    [JsonIgnore]
    public bool IsClosing => Status?.Phase == nameof(SessionPhase.Closing);

    /// <summary>This Session as a participant of its Service.</summary>
    [JsonIgnore]
    public Participant Participant => new(Metadata.Name, Metadata.Uid);
}

/// <summary>What was planned, and how to undo it.</summary>
internal sealed record SessionSpec
{
    /// <summary>Tells this participant's Session from somebody else's of the same name, also when the answer to its creation was lost.</summary>
    public required string Nonce { get; init; }

    public required SessionTarget Service { get; init; }

    /// <summary>The Service's routing before any intercept.</summary>
    public required ServiceRouting Original { get; init; }

    /// <summary>Who owned which field of the Service before the hijack (<c>metadata.managedFields</c>).</summary>
    public JsonNode? ManagedFields { get; init; }

    /// <summary>The Service's routing while it is hijacked.</summary>
    public required ServiceRouting Hijack { get; init; }

    /// <summary>The undo in the original's form, for people who have to do it by hand.</summary>
    [JsonPropertyName("restore-service")]
    public required RestoreService RestoreService { get; init; }

    /// <summary>Names of what this intercept needs beside the Service.</summary>
    public required SessionResidue Residue { get; init; }

    /// <summary>The requests that this participant takes.</summary>
    public required SessionClaim Claim { get; init; }

    public required SessionHolder Holder { get; init; }

    /// <summary>Seconds without a heartbeat after which others may close this intercept.</summary>
    public required int TtlSeconds { get; init; }
}

/// <summary>The intercepted Service.</summary>
internal sealed record SessionTarget(string Namespace, string Name, string Uid);

/// <summary>Objects of ours in the Service's namespace.</summary>
internal sealed record SessionResidue(string Deployment, string ConfigMap, string Decoy);

/// <summary>A header rule (empty for all traffic), and the header values that single tests of this participant may use.</summary>
internal sealed record SessionClaim(string Header, string Value, string TestHeader, string TestValuePrefix)
{
    private const int TestValueBytes = 8;

    /// <summary>A rule with a fresh value under the claimed prefix, for one test or one proof.</summary>
    public HeaderRule CreateTestRule() => HeaderRule.Create(TestHeader, TestValuePrefix + SessionDraft.RandomHex(TestValueBytes));
}

/// <summary>The literal operations that restore the Service.</summary>
internal sealed record RestoreService(JsonNode Ops, JsonNode Service);

/// <summary>State for people; the truth is on the Service.</summary>
internal sealed record SessionStatus
{
    public string? Phase { get; init; }

    public string? Message { get; init; }

    /// <summary>Changes while the participant lives. Observers measure on their own clocks since it last did.</summary>
    public string? Heartbeat { get; init; }
}
