using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Intercept.Proxy.Protocol;
using Intercept.Teardown.Tests.Restore.Edits;

namespace Intercept.Teardown.Tests.Restore;

/// <summary>Random histories.</summary>
internal static class Histories
{
    private const int MostEdits = 5;

    private static readonly string[] Keys = ["app", "tier", "version", "team"];
    private static readonly string[] Values = ["leaf", "back", "v1", "v2"];
    private static readonly int[] Numbers = [80, 443, 3010, 9090, 5000];

    /// <summary>80 to 82 are where the proxy listens, too.</summary>
    private static readonly string[] OriginalTargets = ["http", "grpc", "8080", "9000", "80", "81", "82"];

    /// <summary>Not where the proxy listens: such an edit can't be told from the hijack.</summary>
    private static readonly string[] NewTargets = ["http", "admin", "8080", "7000"];

    public static Arbitrary<History> Arbitrary { get; } = Arb.From(All, Shorter);

    private static Gen<History> All =>
        from selector in Selectors
        from numbers in Gen.Shuffle(Numbers)
        from count in Gen.Choose(1, 4)
        from targets in Gen.ArrayOf(Gen.Elements(OriginalTargets), count)
        from length in Gen.Choose(0, MostEdits)
        from edits in Gen.ListOf(AnyEdit, length)
        let ports = numbers.Zip(targets, (number, target) => new PortTarget(number, "TCP", target)).ToImmutableList()
        select new History(OwnedService.From(new Manifest(selector, ports)), [.. edits]);

    private static Gen<ImmutableSortedDictionary<string, string>> Selectors =>
        from keys in Gen.Shuffle(Keys)
        from count in Gen.Choose(1, 3)
        from values in Gen.ArrayOf(Gen.Elements(Values), count)
        select keys.Zip(values, KeyValuePair.Create).ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static Gen<int> Place => Gen.Choose(0, 4);

    private static Gen<Edit> RoutingEdit => Gen.OneOf(
        from key in Gen.Elements(Keys) from value in Gen.Elements(Values) select (Edit)new SetSelectorKey(key, value),
        Gen.Elements(Keys).Select(key => (Edit)new RemoveSelectorKey(key)),
        Selectors.Select(selector => (Edit)new ReplaceSelector(selector)),
        from place in Place from target in Gen.Elements(NewTargets) select (Edit)new RetargetPort(place, target),
        from place in Place
        from number in Gen.Elements(Numbers)
        from protocol in Gen.Elements("TCP", "TCP", "UDP")
        from target in Gen.Elements(NewTargets)
        select (Edit)new AddPort(place, new PortTarget(number, protocol, target)),
        Place.Select(place => (Edit)new RemovePort(place)),
        Place.Select(place => (Edit)new MovePortToFront(place)));

    private static Gen<Edit> MetadataEdit => Gen.OneOf(
        from key in Gen.Elements(Keys) from value in Gen.Elements(Values) select (Edit)new SetLabel(key, value),
        from key in Gen.Elements(Keys) from value in Gen.Elements(Values) select (Edit)new SetAnnotation(key, value),
        Gen.Elements(Keys).Select(key => (Edit)new RemoveAnnotation(key)));

    private static Gen<Edit> FileEdit =>
        from count in Gen.Choose(0, 2)
        from changes in Gen.ListOf(RoutingEdit, count)
        from way in Gen.Choose(0, 5)
        select way switch
        {
            0 => (Edit)new ReplaceObject([.. changes]),
            < 3 => new ServerSideApply([.. changes]),
            _ => new ClientSideApply([.. changes]),
        };

    private static Gen<Edit> AnyEdit => Gen.Frequency((4, RoutingEdit), (1, MetadataEdit), (3, FileEdit));

    private static IEnumerable<History> Shorter(History history) =>
        history.Edits.Select((_, place) => history with { Edits = history.Edits.RemoveAt(place) });
}
