namespace Intercept.Embedded.Faults;

/// <summary>Which calls are meant: those that agree with everything that is set here. Nothing set means all calls.</summary>
public sealed record ApiCallFilter
{
    /// <summary>The caller's user name, as in <see cref="ApiCall.User"/>.</summary>
    public string? User { get; init; }

    /// <summary>How the caller's User-Agent begins: <c>kubectl/</c>, for instance.</summary>
    public string? UserAgentPrefix { get; init; }

    /// <summary>The verb, as in <see cref="ApiCall.Verb"/>.</summary>
    public string? Verb { get; init; }

    /// <summary>The API group; empty for the core group.</summary>
    public string? Group { get; init; }

    /// <summary>The kind in plural, with its sub-resource where that is meant: <c>services</c>, <c>sessions/status</c>.</summary>
    public string? Resource { get; init; }

    /// <summary>The namespace of the call; of the object, where a fault concerns the events of a watch.</summary>
    public string? Namespace { get; init; }

    /// <summary>The name in the call; of the object, where a fault concerns the events of a watch.</summary>
    public string? Name { get; init; }

    /// <summary>Anything else that must hold. It is called on the server's threads, often at the same time.</summary>
    public Func<ApiCall, bool>? Where { get; init; }

    internal bool Matches(ApiCall call) =>
        Is(User, call.User)
        && (UserAgentPrefix is null || call.UserAgent.StartsWith(UserAgentPrefix, StringComparison.Ordinal))
        && Is(Verb, call.Verb)
        && Is(Group, call.Group)
        && Is(Resource, call.Resource)
        && Is(Namespace, call.Namespace)
        && Is(Name, call.Name)
        && Where?.Invoke(call) != false;

    private static bool Is(string? wanted, string? found) => wanted is null || wanted == found;
}
