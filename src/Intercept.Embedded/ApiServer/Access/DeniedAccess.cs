using System.Collections.Immutable;

namespace Intercept.Embedded.ApiServer.Access;

/// <summary>What the user of the cluster's own token may not do: nothing, unless a test says otherwise. Reviews and requests both go by it.</summary>
internal sealed class DeniedAccess
{
    private ImmutableHashSet<AccessRule> _rules = [];

    /// <summary>Everything that is denied; set as a whole.</summary>
    public ImmutableHashSet<AccessRule> Rules
    {
        get => Volatile.Read(ref _rules);
        set => Volatile.Write(ref _rules, value);
    }

    public bool Denies(string verb, string group, string resource) =>
        Rules.Any(rule => rule.Covers(verb, group, resource));
}

/// <summary>A verb on a resource (<c>pods/portforward</c> for a sub-resource); <c>*</c> stands for any.</summary>
internal sealed record AccessRule(string Verb, string Resource, string Group = "*")
{
    public bool Covers(string verb, string group, string resource) =>
        (Verb == "*" || Verb == verb) && (Resource == "*" || Resource == resource) && (Group == "*" || Group == group);
}
