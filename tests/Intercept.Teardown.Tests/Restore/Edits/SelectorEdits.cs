using System.Collections.Immutable;

namespace Intercept.Teardown.Tests.Restore.Edits;

/// <summary>A JSON patch of one key.</summary>
internal sealed record SetSelectorKey(string Key, string Value) : Edit
{
    public override OwnedService Apply(OwnedService service) => service with { Selector = service.Selector.SetItem(Key, Value) };
}

internal sealed record RemoveSelectorKey(string Key) : Edit
{
    public override OwnedService Apply(OwnedService service) => service with { Selector = service.Selector.Remove(Key) };
}

/// <summary>A JSON patch of the whole selector, or a server-side apply, to which the selector is one value.</summary>
internal sealed record ReplaceSelector(ImmutableSortedDictionary<string, string> Selector) : Edit
{
    public override OwnedService Apply(OwnedService service) => service with { Selector = Selector };

    public override string ToString() => $"ReplaceSelector {{{Manifest.Describe(Selector)}}}";
}
