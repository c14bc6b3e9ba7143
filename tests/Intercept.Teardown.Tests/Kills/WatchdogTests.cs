using System.Diagnostics;
using Intercept.Engine;
using Intercept.Engine.Guarding;
using Intercept.Watchdog;
using k8s;
using Microsoft.AspNetCore.Http;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>The watchdog while the test process lives.</summary>
[Collection(KillCollection.Name)]
public sealed class WatchdogTests(KillWorld world)
{
    private static readonly ClusterAccess Nowhere = new("{}", null, "none");

    public static bool IsLinux => OperatingSystem.IsLinux();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Skip = "Processes are looked at through /proc.", SkipUnless = nameof(IsLinux))]
    public async Task The_rehearsal_of_a_close_goes_through_to_its_end() => Assert.True(await Rehearsal.RunAsync(TimeProvider.System, Token));

    [Fact(Skip = "Processes are looked at through /proc.", SkipUnless = nameof(IsLinux))]
    public async Task It_ends_when_nothing_is_open_and_its_test_process_lets_it_go()
    {
        var link = new WatchdogLink(world.Access, null);
        await link.AnnounceAsync(new GuardedOpening("shop/leaf-1", "1"), Token);
        using var watchdog = await GetProcessAsync(link);
        await link.ForgetAsync("1");

        await link.DisposeAsync();

        await watchdog.WaitForExitAsync(Token);
    }

    [Fact(Skip = "Processes are looked at through /proc.", SkipUnless = nameof(IsLinux))]
    public async Task Only_SIGTERM_ends_it_and_only_when_nothing_is_open()
    {
        await using var link = new WatchdogLink(world.Access, null);
        await link.AnnounceAsync(new GuardedOpening("shop/leaf-1", "1"), Token);
        using var watchdog = await GetProcessAsync(link);
        foreach (var signal in (int[])[Signals.Int, Signals.Hup, Signals.Quit, Signals.Term])
        {
            Assert.Equal(0, Signals.Kill(watchdog.Id, signal));
        }

        await link.AnnounceAsync(new GuardedOpening("shop/leaf-1", "2"), Token);
        Assert.Null(link.Obituary);
        await link.ForgetAsync("1");
        Assert.False(watchdog.HasExited);
        await link.ForgetAsync("2");

        await watchdog.WaitForExitAsync(Token);
    }

    [Fact(Skip = "Processes are looked at through /proc.", SkipUnless = nameof(IsLinux))]
    public async Task It_is_nobodys_child_in_a_session_of_its_own_and_holds_no_folder()
    {
        await using var link = new WatchdogLink(world.Access, null);
        await link.AnnounceAsync(new GuardedOpening("shop/leaf-1", "1"), Token);
        using var watchdog = await GetProcessAsync(link);

        // proc(5): what follows the name are state, parent, process group, session.
        var stat = await File.ReadAllTextAsync($"/proc/{watchdog.Id}/stat", Token);
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        Assert.NotEqual($"{Environment.ProcessId}", fields[1]);
        Assert.Equal([$"{watchdog.Id}", $"{watchdog.Id}"], fields[2..4]);
        Assert.Equal("/", new FileInfo($"/proc/{watchdog.Id}/cwd").LinkTarget);
        Assert.DoesNotContain(world.Cluster.Token, await File.ReadAllTextAsync($"/proc/{watchdog.Id}/cmdline", Token), StringComparison.Ordinal);
        await link.ForgetAsync("1");
    }

    [Fact(Skip = "Processes are looked at through /proc.", SkipUnless = nameof(IsLinux))]
    public async Task One_that_died_is_started_again_at_the_next_opening_and_told_of_everything_open()
    {
        var service = await world.TakeServiceAsync();
        await using var watch = new ServiceWatch(world.Cluster, service);
        await using var engine = world.CreateEngine(world.Access, InterceptLayers.None with { Watchdog = true });
        var link = engine.Watchdog!;
        var first = await engine.OpenAsync(Plan(service), null, Token);
        using (var watchdog = await GetProcessAsync(link))
        {
            watchdog.Kill();
            await watchdog.WaitForExitAsync(Token);
        }

        var second = await engine.OpenAsync(Plan(service), null, Token);
        using var another = await GetProcessAsync(link);

        // Its lines end while both are open, as they do when the test process is killed.
        await engine.DisposeAsync();
        await another.WaitForExitAsync(Token);
        await watch.WaitUntilRestoredAsync(Token);
        Assert.Empty(await Residue.FindAsync(world.Api, service, Token));
        await first.DisposeAsync();
        await second.DisposeAsync();
        world.GiveBack(service);
    }

    [Fact(Skip = "Processes are looked at through /proc.", SkipUnless = nameof(IsLinux))]
    public async Task Without_its_program_an_intercept_opens_nevertheless_and_says_what_it_lacks()
    {
        var service = await world.TakeServiceAsync();
        await using var engine = world.CreateEngine(world.Access, InterceptLayers.None with { Watchdog = true }, "/nowhere/Intercept.Watchdog.dll");

        await using var interception = await engine.OpenAsync(Plan(service), null, Token);

        Assert.Contains(interception.Timeline, step => step.Text.StartsWith("no watchdog: there is no /nowhere/", StringComparison.Ordinal));
        await interception.CloseAsync(Token);
        world.GiveBack(service);
    }

    [Fact(Skip = "Processes are looked at through /proc.", SkipUnless = nameof(IsLinux))]
    public async Task What_it_said_before_it_died_is_told()
    {
        await using var link = new WatchdogLink(Nowhere, null);
        link.Prepare();
        while (link.Obituary is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), Token);
        }

        Assert.Contains("none", link.Obituary, StringComparison.Ordinal);
    }

    [Fact(Skip = "Processes are looked at through /proc.", SkipUnless = nameof(IsLinux))]
    public void The_access_to_a_cluster_holds_its_own_context_alone()
    {
        var config = KubernetesYaml.Deserialize<k8s.KubeConfigModels.K8SConfiguration>(
            """
            apiVersion: v1
            kind: Config
            current-context: other
            contexts:
              - {name: mine, context: {cluster: here, user: me, namespace: shop}}
              - {name: other, context: {cluster: there, user: them}}
            clusters:
              - {name: here, cluster: {server: "https://here:6443", insecure-skip-tls-verify: true}}
              - {name: there, cluster: {server: "https://there:6443"}}
            users:
              - {name: me, user: {token: my-token}}
              - {name: them, user: {token: their-token}}
            """);

        var access = WatchdogLine.Parse(new WatchdogLine { Cluster = ClusterAccess.Of(config, "mine") }.ToString()).Cluster!;

        var client = access.ToConfiguration();
        Assert.Equal(("https://here:6443", "my-token", true), (client.Host, client.AccessToken, client.SkipTlsVerify));
        Assert.DoesNotContain("their-token", access.Kubeconfig, StringComparison.Ordinal);
        Assert.DoesNotContain("my-token", access.ToString(), StringComparison.Ordinal);
    }

    private static InterceptPlan Plan(string service) => new()
    {
        Service = ServiceReference.Parse($"{KillWorld.Namespace}/{service}"),
        Rule = HeaderRule.Create(HeaderRule.DefaultName, $"{Guid.NewGuid():N}"),
        Handler = context => context.Response.WriteAsync("test"),
    };

    private static async Task<Process> GetProcessAsync(WatchdogLink link)
    {
        int? id;
        while ((id = link.ProcessId) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), Token);
        }

        return Process.GetProcessById(id.Value);
    }
}
