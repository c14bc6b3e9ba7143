using System.Text.Json;
using System.Text.Json.Serialization;

namespace Intercept.Engine.Guarding;

/// <summary>
/// One line of JSON that a test process tells its watchdog, with one of its members set. The first line is
/// <see cref="Cluster"/>; the end of the lines means that the test process has ended.
/// </summary>
internal sealed record WatchdogLine
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>How to reach the cluster.</summary>
    public ClusterAccess? Cluster { get; init; }

    /// <summary>Something of this participant may be in the cluster from now on.</summary>
    public GuardedOpening? Opening { get; init; }

    /// <summary>Nonce of a participant of which nothing is left in the cluster.</summary>
    public string? Closed { get; init; }

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static WatchdogLine Parse(string line) =>
        JsonSerializer.Deserialize<WatchdogLine>(line, Options) ?? throw new JsonException("The line is null.");

    /// <summary>The line, without its end.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, Options);
}

/// <summary>A participant that is about to write to the cluster.</summary>
/// <param name="Service">The intercepted Service, as <c>namespace/name</c>.</param>
/// <param name="Nonce">The nonce in the participant's Session, by which it is found.</param>
internal sealed record GuardedOpening(string Service, string Nonce);
