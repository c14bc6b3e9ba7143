using Intercept.Engine.Journal;
using Intercept.Engine.Tests.Keeping;
using Intercept.Engine.Tests.Worlds;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Tests.Inventory;

public sealed class ResidueReportTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_dead_process_left_is_told_with_its_holder_and_its_undo()
    {
        await using var colleague = await Colleague.CreateAsync(world, "left");
        var session = await AbandonedIntercept.LeaveAsync(world, "left");

        var report = await ReadAsync("left");

        Assert.False(report.IsEmpty);
        Assert.Equal(
            ["ConfigMap interceptor-left", "Deployment interceptor-left", "Service interceptor-left-decoy", $"Session {session.Metadata.Name}"],
            report.Items.Where(item => !item.IsLeaving).Select(item => $"{item.Kind} {item.Name}").Order(StringComparer.Ordinal));
        Assert.All(report.Items, item =>
        {
            var owner = Assert.Single(item.Owners);
            Assert.Equal((AbandonedIntercept.Holder, AbandonedIntercept.Host), (owner.Holder, owner.Host));
            Assert.False(owner.IsOwn);
            Assert.Equal("left", item.Service);
        });
        var service = Assert.Single(report.Services);
        Assert.True(service.IsHijacked);
        Assert.True(service.OwnsFields);
        Assert.Empty(service.Differences!);
        Assert.Equal(session.Metadata.Name, Assert.Single(service.Participants).Session);
        Assert.StartsWith("kubectl patch service left -n shop", report.Undo[0], StringComparison.Ordinal);
        var text = report.ToString();
        Assert.Contains(AbandonedIntercept.Holder, text, StringComparison.Ordinal);
        Assert.Contains("kubectl delete deployment interceptor-left -n shop", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_others_changed_is_named_with_the_one_who_did()
    {
        await using var colleague = await Colleague.CreateAsync(world, "changed");
        await AbandonedIntercept.LeaveAsync(world, "changed");
        await colleague.PatchAsync(_ => new JsonPatch().Add("/spec/selector/tier", "new").Replace("/spec/ports/0/targetPort", 9999));

        var service = Assert.Single((await ReadAsync("changed")).Services);

        Assert.Equal(
            [new ServiceDifference("spec.selector.tier", null, "new", "colleague"), new ServiceDifference("spec.ports[3010/TCP].targetPort", "3010", "9999", "colleague")],
            service.Differences!);
    }

    [Fact]
    public async Task Open_sessions_of_this_process_are_listed_and_marked()
    {
        await using var colleague = await Colleague.CreateAsync(world, "open-here");
        var engine = world.CreateEngine();
        await using (await colleague.InterceptAsync())
        {
            var report = await ReadAsync("open-here", engine);
            Assert.True(report.IsEmpty, report.ToString());
            Assert.NotEmpty(report.Items);
            Assert.All(report.Items, item => Assert.True(item.IsOwn, $"{item.Kind} {item.Name}"));
            Assert.True(Assert.Single(report.Services) is { IsOwn: true, IsHijacked: true });
            Assert.Empty(report.Undo);
        }

        var after = await ReadAsync("open-here", engine);
        Assert.Empty(after.Items);
        Assert.Empty(after.Services);
    }

    [Fact]
    public async Task A_Service_that_was_intercepted_here_is_compared_with_what_it_was()
    {
        await using var colleague = await Colleague.CreateAsync(world, "was-here");
        var engine = world.CreateEngine();
        var plan = EngineWorld.Plan("x") with { Service = ServiceReference.Parse("shop/was-here") };
        await using (await engine.OpenAsync(plan, null, Token))
        {
        }

        Assert.Empty(Assert.Single((await ReadAsync("was-here", engine)).Services).Differences!);
        await colleague.PatchAsync(_ => new JsonPatch().Replace("/spec/selector/app", "other"));
        var report = await ReadAsync("was-here", engine);

        Assert.True(report.IsEmpty);
        Assert.Equal([new ServiceDifference("spec.selector.app", "leaf", "other", "colleague")], Assert.Single(report.Services).Differences!);
    }

    [Fact]
    public async Task A_Session_that_can_not_be_read_is_residue_too()
    {
        await using var colleague = await Colleague.CreateAsync(world, "unreadable");
        var session = await AbandonedIntercept.LeaveAsync(world, "unreadable");
        var broken = await new CustomResourceStore(world.Api, "shop").CreateAsync(
            new SessionResource
            {
                Metadata = new V1ObjectMeta { Name = "intercept-broken", NamespaceProperty = "shop", Labels = session.Metadata.Labels },
                Spec = session.Spec with { Residue = session.Spec.Residue with { Decoy = "No Name" } },
            },
            Token);

        var report = await ReadAsync("unreadable");

        var item = Assert.Single(report.Items, item => item.Name == "intercept-broken");
        Assert.Contains("can't be read", Assert.Single(item.Owners).ToString(), StringComparison.Ordinal);
        Assert.Contains(report.Undo, line => line.Contains("delete sessions.system.codezero.io intercept-broken", StringComparison.Ordinal));
        await new CustomResourceStore(world.Api, "shop").DeleteAsync(broken, Token);
    }

    [Fact]
    public async Task Only_mine_leaves_out_what_others_left()
    {
        await using var colleague = await Colleague.CreateAsync(world, "not-mine");
        await AbandonedIntercept.LeaveAsync(world, "not-mine");

        var report = await world.CreateEngine().GetResidueAsync(["shop"], mine: true, Token);

        Assert.True(report.IsEmpty);
        Assert.Empty(report.Undo);
    }

    [Fact]
    public async Task An_account_with_rights_in_namespaces_looks_where_it_has_intercepted()
    {
        await using var colleague = await Colleague.CreateAsync(world, "namespaced");
        var engine = world.CreateEngine(_ => world.CreateLimitedApi(
            request => !request.RequestUri!.AbsolutePath.Contains("/namespaces/", StringComparison.Ordinal)));
        await AbandonedIntercept.LeaveAsync(world, "namespaced");

        Assert.Equal(["default"], (await engine.GetResidueAsync([], mine: false, Token)).Namespaces);
        await using (await engine.OpenAsync(EngineWorld.Plan("x"), null, Token))
        {
        }

        var report = await engine.GetResidueAsync([], mine: false, Token);
        Assert.Equal(["shop"], report.Namespaces);
        Assert.Contains(report.Items, item => item.Name == "interceptor-namespaced");
    }

    [Fact]
    public async Task All_namespaces_are_looked_into_where_that_is_allowed()
    {
        await using var colleague = await Colleague.CreateAsync(world, "anywhere");
        await AbandonedIntercept.LeaveAsync(world, "anywhere");

        var report = await world.CreateEngine().GetResidueAsync([], mine: false, Token);

        Assert.Empty(report.Namespaces);
        Assert.Empty(report.NotListed);
        Assert.Contains(report.Services, service => service.Service == ServiceReference.Parse("shop/anywhere") && service.IsHijacked);
    }

    /// <summary>The report on one Service alone: tests of other classes share no cluster with this one, but those of this class do.</summary>
    private async Task<ResidueReport> ReadAsync(string service, InterceptEngine? engine = null)
    {
        var report = await (engine ?? world.CreateEngine()).GetResidueAsync(["shop"], mine: false, Token);
        return report with
        {
            Items = [.. report.Items.Where(item => item.Service == service)],
            Services = [.. report.Services.Where(touched => touched.Service.Name == service)],
        };
    }
}
