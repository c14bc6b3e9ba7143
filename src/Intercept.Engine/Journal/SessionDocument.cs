using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Journal;

/// <summary>A Session of the custom resource whose content has not been looked at yet.</summary>
[KubernetesEntity(Group = SessionResource.GroupName, ApiVersion = SessionResource.VersionName, Kind = SessionResource.KindName, PluralName = SessionResource.Plural)]
internal sealed class SessionDocument : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = $"{SessionResource.GroupName}/{SessionResource.VersionName}";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = SessionResource.KindName;

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("spec")]
    public JsonElement? Spec { get; init; }

    [JsonPropertyName("status")]
    public JsonElement? Status { get; init; }
}
