using System.Globalization;
using Intercept.Engine.Closing;
using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Engine.Tests.Inventory;
using Intercept.Engine.Tests.Worlds;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Tests.Closing;

/// <summary>What others have left on Services that nobody is about to intercept.</summary>
public sealed class SweepTests : IAsyncLifetime
{
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(1);

    private readonly EngineWorld _world = new();
    private string _before = string.Empty;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _world.InitializeAsync();
        _before = await _world.SnapshotAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_an_ended_process_of_this_machine_left_is_closed(bool thorough)
    {
        var left = await AbandonedIntercept.LeaveAsync(_world, "leaf", holder: Ended);

        var swept = Assert.Single(await SweepAsync(SweepScope.Dead, thorough));

        Assert.Equal(("shop/leaf", left.Metadata.Name), (swept.Service, swept.Session));
        Assert.Contains("its process has ended", swept.ToString(), StringComparison.Ordinal);
        Assert.Equal(_before, await _world.SnapshotAsync());
    }

    [Fact]
    public async Task What_is_silent_is_closed_on_all_services_side_by_side_and_a_living_one_stays()
    {
        var plan = EngineWorld.Plan("living");
        await using (await _world.CreateEngine().OpenAsync(plan with { Service = ServiceReference.Parse("shop/double") }, null, Token))
        {
            await AbandonedIntercept.LeaveAsync(_world, "leaf", timeToLive: ShortLife);
            await AbandonedIntercept.LeaveAsync(_world, "double", timeToLive: ShortLife);
            await Task.Delay(ShortLife, Token);

            var swept = await SweepAsync(SweepScope.Dead);

            Assert.Equal(["shop/double", "shop/leaf"], swept.Select(item => item.Service).Order(StringComparer.Ordinal));
            Assert.All(swept, item => Assert.Contains("its heartbeat stands still", item.Reason, StringComparison.Ordinal));
            Assert.Equal("living", (await _world.AskAsync(plan.Rule, "double.shop:3010")).Body);
        }

        Assert.Equal(_before, await _world.SnapshotAsync());
    }

    [Fact]
    public async Task Sessions_of_others_and_young_ones_stay_where_that_is_asked_for()
    {
        await AbandonedIntercept.LeaveAsync(_world, "leaf", holder: holder => Ended(holder) with { User = "somebody-else" });
        await AbandonedIntercept.LeaveAsync(_world, "double", holder: Ended);

        Assert.Empty(await SweepAsync(new SweepScope { OlderThan = TimeSpan.FromHours(1) }));
        Assert.Equal("shop/double", Assert.Single(await SweepAsync(new SweepScope { Mine = true })).Service);
        Assert.Equal("shop/leaf", Assert.Single(await SweepAsync(SweepScope.Dead)).Service);
        Assert.Equal(_before, await _world.SnapshotAsync());
    }

    [Fact]
    public async Task The_living_are_closed_where_that_is_asked_for_but_not_those_of_this_process()
    {
        await AbandonedIntercept.LeaveAsync(_world, "leaf");
        await using (var own = await _world.CreateEngine().OpenAsync(EngineWorld.Plan("own") with { Service = ServiceReference.Parse("shop/double") }, null, Token))
        {
            var swept = Assert.Single(await SweepAsync(new SweepScope { Living = true }));

            Assert.Equal("shop/leaf", swept.Service);
            Assert.False(own.Lost.IsCompleted);
        }

        Assert.Equal(_before, await _world.SnapshotAsync());
    }

    [Fact]
    public async Task What_has_lost_its_session_is_closed_by_a_thorough_sweep()
    {
        var left = await AbandonedIntercept.LeaveAsync(_world, "leaf");
        await _world.Api.DeleteAsync((await _world.Api.FindAsync<SessionResource>("shop", left.Metadata.Name, Token))!, Token);

        Assert.Empty(await SweepAsync(SweepScope.Dead, thorough: false));
        Assert.Empty(await SweepAsync(new SweepScope { Mine = true }));
        var swept = Assert.Single(await SweepAsync(SweepScope.Dead));

        Assert.Contains("was deleted", swept.Reason, StringComparison.Ordinal);
        var after = (await _world.Api.FindAsync<V1Service>("shop", "leaf", Token))!;
        Assert.Equal(("leaf", "3010"), (after.Spec.Selector["app"], after.Spec.Ports[0].TargetPort.Value));
        Assert.Null(after.ReadRecord());

        // Who owned the fields before stood in the Session; nobody does now, so that the owner's next apply takes them without a conflict.
        Assert.DoesNotContain(after.Metadata.ManagedFields, entry => entry.Manager == ProtocolNames.FieldManager);
        Assert.Empty(await _world.Api.ListAsync<V1Deployment>("shop", Labels.SelectAll, Token));
    }

    [Fact]
    public async Task Who_may_not_look_into_all_namespaces_sweeps_its_own()
    {
        await AbandonedIntercept.LeaveAsync(_world, "leaf", holder: Ended);
        var limited = _world.CreateLimitedApi(request => !request.RequestUri!.AbsolutePath.Contains("/namespaces/", StringComparison.Ordinal)
            && !request.RequestUri.AbsolutePath.Contains("/customresourcedefinitions", StringComparison.Ordinal));
        var engine = _world.CreateEngine(_ => limited, defaultNamespace: "shop");

        Assert.Single(await engine.SweepAsync([], SweepScope.Dead, thorough: true, null, Token));
        Assert.Equal(_before, await _world.SnapshotAsync());
    }

    private Task<IReadOnlyList<SweptIntercept>> SweepAsync(SweepScope scope, bool thorough = true) =>
        _world.CreateEngine().SweepAsync(["shop"], scope, thorough, null, Token);

    /// <summary>A process that ran on this machine, in this boot, and whose number another one may have by now.</summary>
    private static SessionHolder Ended(SessionHolder holder) =>
        holder with { ProcessStarted = (long.Parse(holder.ProcessStarted, CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture) };
}
