using System.Collections.Immutable;
using Intercept.Teardown.Tests.Restore.Edits;

namespace Intercept.Teardown.Tests.Restore;

/// <summary>A Service, and what others do to it while it is hijacked.</summary>
internal sealed record History(OwnedService Service, ImmutableList<Edit> Edits)
{
    /// <summary>The edits, one after the other.</summary>
    public OwnedService EditAll(OwnedService service) => Edits.Aggregate(service, (edited, edit) => edit.Apply(edited));

    public override string ToString() => $"{Service}; {string.Join("; ", Edits)}";
}
