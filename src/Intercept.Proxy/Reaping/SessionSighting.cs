using System.Text.Json.Nodes;
using Intercept.Proxy.Protocol;

namespace Intercept.Proxy.Reaping;

/// <summary>A Session as it was just read, from its custom resource or from the ConfigMap that stands for one.</summary>
internal sealed class SessionSighting(string path, LiveObject live, bool isConfigMap, JsonObject? spec, JsonObject? status)
{
    private static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromSeconds(30);

    /// <summary>Its path in the API.</summary>
    public string Path => path;

    /// <summary>The object.</summary>
    public LiveObject Live => live;

    /// <summary>Whether it is kept in a ConfigMap.</summary>
    public bool IsConfigMap => isConfigMap;

    /// <summary>Its status.</summary>
    public JsonObject? Status => status;

    /// <summary>What a living holder changes every few seconds; its meaning is the holder's alone.</summary>
    public string? Heartbeat => status?["heartbeat"]?.ToString();

    /// <summary>How long the heartbeat may stand still.</summary>
    public TimeSpan TimeToLive => spec?["ttlSeconds"] is JsonValue value && value.TryGetValue<int>(out var seconds) && seconds > 0
        ? TimeSpan.FromSeconds(seconds)
        : DefaultTimeToLive;

    /// <summary>Who owned which field of the Service before the hijack.</summary>
    public JsonArray? ManagedFields => spec?["managedFields"] as JsonArray;
}
