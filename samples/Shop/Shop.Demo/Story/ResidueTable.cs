using Intercept;
using Intercept.Testing;
using Shop.Demo.Screens;

namespace Shop.Demo.Story;

/// <summary>What of ours is in a namespace, and whose.</summary>
internal sealed class ResidueTable(InterceptCluster cluster, string namespaceName, Screen screen, Verdict verdict)
{
    private readonly ResidueOptions _options = new() { Namespaces = [namespaceName] };

    public async Task ShowAsync(CancellationToken cancellationToken) =>
        Show(await cluster.GetResidueAsync(_options, cancellationToken), isFine: true);

    /// <summary>Nothing may be left.</summary>
    public async Task ShowNoneAsync(string when, CancellationToken cancellationToken)
    {
        try
        {
            await cluster.VerifyNoResidueAsync(_options, cancellationToken);
            screen.Good($"{when}: nothing of ours is in namespace {namespaceName}");
        }
        catch (InterceptException e)
        {
            Show(await cluster.GetResidueAsync(_options, cancellationToken), isFine: false);
            verdict.Expect(false, $"{when}: {e.Message}");
        }
    }

    private void Show(ResidueReport report, bool isFine)
    {
        screen.Table(
            ["kind", $"of ours in namespace {namespaceName}", "whose"],
            report.Items.Select(item => ((IReadOnlyList<string>)[item.Kind, item.Name, string.Join("; ", item.Owners.Select(owner => owner.Holder ?? $"{owner}"))], isFine)));
        foreach (var service in report.Services)
        {
            screen.Line($"Service {service.Service} {(service.IsHijacked ? "leads to the proxy" : "leads to the original pods")}, {service.Participants.Count} participant(s)");
        }
    }
}
