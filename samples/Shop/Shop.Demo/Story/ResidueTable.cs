using Shop.Demo.Cluster;
using Shop.Demo.Screens;

namespace Shop.Demo.Story;

/// <summary>What of ours is in the namespace, as the API lists it.</summary>
internal sealed class ResidueTable(Residue residue, Screen screen, Verdict verdict)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task ShowAsync(CancellationToken cancellationToken) =>
        Show(await residue.ListAsync(cancellationToken), _ => true);

    /// <summary>Nothing may be left.</summary>
    public async Task ShowNoneAsync(string when, CancellationToken cancellationToken)
    {
        var kinds = await residue.WaitForNoneAsync(Patience, cancellationToken);
        Show(kinds, names => names.Count == 0);
        foreach (var (kind, names) in kinds.Where(kind => kind.Names.Count > 0))
        {
            verdict.Expect(false, $"{when}, {kind} of ours are there: {string.Join(", ", names)}.");
        }
    }

    private void Show(IReadOnlyList<(string Kind, IReadOnlyList<string> Names)> kinds, Func<IReadOnlyList<string>, bool> isFine) =>
        screen.Table(
            ["kind", "of ours in namespace shop"],
            kinds.Select(kind => ((IReadOnlyList<string>)[kind.Kind, kind.Names.Count == 0 ? "none" : string.Join(", ", kind.Names)], isFine(kind.Names))));
}
