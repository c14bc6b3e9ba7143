using Intercept;
using Intercept.Testing;
using Shop.Demo.Cluster;
using Shop.Demo.Screens;

namespace Shop.Demo.Story;

/// <summary>The story: before, two intercepts at once, after.</summary>
internal sealed class InterceptStory(InterceptCluster cluster, Screen screen, Verdict verdict, Func<InterceptSession, CancellationToken, Task> pause)
{
    private const string Namespace = "shop";
    private const string Service = "leaf";

    private readonly ResidueTable _residue = new(cluster, Namespace, screen, verdict);

    public async Task TellAsync(CancellationToken cancellationToken)
    {
        using var caller = new ShopCaller(cluster);
        var requests = new RequestTable(caller, screen, verdict);

        screen.Chapter("Before");
        var before = await SnapshotAsync(cancellationToken);
        screen.Line($"Service {Namespace}/{Service}, spec:");
        screen.Yaml(before.Spec);
        await _residue.ShowNoneAsync("Before the demo", cancellationToken);
        await requests.AskAllAsync([(null, ShopCaller.InCluster)], cancellationToken);

        screen.Chapter("Two test servers with different stocks, two intercepts of one Service");
        await using var empty = new LeafUnderTest("test server A", 0);
        await using var full = new LeafUnderTest("test server B", 99);
        await using var first = await OpenAsync("first", empty, cancellationToken);
        await using var second = await OpenAsync("second", full, cancellationToken);
        await ShowOpenAsync(before, first, cancellationToken);

        screen.Chapter("Requests through the real Frontend and Core, all at once");
        await requests.AskAllAsync(
            [
                (null, ShopCaller.InCluster),
                (first.Header, empty.Answer),
                (second.Header, full.Answer),
                (HeaderRule.Create(HeaderRule.DefaultName, "somebody-else"), ShopCaller.InCluster),
            ],
            cancellationToken);
        await ShowCallsAsync("first", first, cancellationToken);
        await ShowCallsAsync("second", second, cancellationToken);
        await pause(first, cancellationToken);

        screen.Chapter("Close");
        await CloseAsync("first", first, cancellationToken);
        await requests.AskAllAsync([(first.Header, ShopCaller.InCluster), (second.Header, full.Answer)], cancellationToken);
        await CloseAsync("second", second, cancellationToken);

        screen.Chapter("After");
        await ShowAfterAsync(before, cancellationToken);
        await _residue.ShowNoneAsync("After the demo", cancellationToken);
        await requests.AskAllAsync([(null, ShopCaller.InCluster), (first.Header, ShopCaller.InCluster), (second.Header, ShopCaller.InCluster)], cancellationToken);
    }

    private Task<ServiceSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
        ServiceSnapshot.TakeAsync(cluster.Kubernetes, Namespace, Service, cancellationToken);

    private Task<InterceptSession> OpenAsync(string which, LeafUnderTest target, CancellationToken cancellationToken) =>
        screen.StepAsync($"{which} intercept open", () => cluster.InterceptAsync(
            $"{Namespace}/{Service}",
            target.Server,
            new InterceptOptions { Holder = $"Shop.Demo, {which} intercept", Progress = InterceptProgress.To(screen.Line) },
            cancellationToken));

    private async Task CloseAsync(string which, InterceptSession session, CancellationToken cancellationToken) =>
        await screen.StepAsync($"{which} intercept closed", async () =>
        {
            await session.CloseAsync(cancellationToken);
            return session;
        });

    private async Task ShowOpenAsync(ServiceSnapshot before, InterceptSession session, CancellationToken cancellationToken)
    {
        screen.Line("");
        screen.Line($"Session {session.Id}, the journal of the first intercept (how to undo it stands in it before anything is changed):");
        screen.Yaml(await Sessions.YamlAsync(cluster.Kubernetes, Namespace, session.Id, cancellationToken));
        var during = await SnapshotAsync(cancellationToken);
        screen.Line("The Service's spec now, compared with before:");
        var differences = before.SpecDifferences(during);
        screen.Difference(differences);
        verdict.Expect(differences.Count > 0, "While the intercept was open, the Service was not hijacked.");
        await _residue.ShowAsync(cancellationToken);
    }

    private async Task ShowCallsAsync(string which, InterceptSession session, CancellationToken cancellationToken)
    {
        await session.WaitForCallAsync(cancellationToken: cancellationToken);
        screen.Line($"Recorded by the {which} session:");
        foreach (var call in session.Calls)
        {
            screen.Line($"  {call}, propagated {session.HeaderName}: {call.GetHeader(session.HeaderName)}");
        }

        verdict.Expect(session.Calls.Count == 1, $"The {which} session should have recorded one call and has {session.Calls.Count}.");
    }

    private async Task ShowAfterAsync(ServiceSnapshot before, CancellationToken cancellationToken)
    {
        var after = await SnapshotAsync(cancellationToken);
        var differences = before.Differences(after);
        if (differences.Count == 0)
        {
            screen.Yaml(after.Spec);
            screen.Good($"Service {Namespace}/{Service}: identical (uid, spec, labels, annotations, owners)");
            return;
        }

        screen.Bad($"Service {Namespace}/{Service} differs:");
        screen.Difference(differences);
        verdict.Expect(false, "The Service is not as it was before.");
    }
}
