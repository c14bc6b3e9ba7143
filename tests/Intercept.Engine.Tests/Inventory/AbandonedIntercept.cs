using Intercept.Engine.Api;
using Intercept.Engine.Inventory;
using Intercept.Engine.Journal;
using Intercept.Engine.Residue;
using Intercept.Engine.Tests.Worlds;
using k8s.Models;

namespace Intercept.Engine.Tests.Inventory;

/// <summary>What a process leaves that ends in the middle of an intercept: all of it but the process, and a proxy without pods.</summary>
internal static class AbandonedIntercept
{
    public const string Holder = "The abandoned test";
    public const string Host = "another-machine";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Leaves one on Service shop/<paramref name="service"/>.</summary>
    public static async Task<SessionResource> LeaveAsync(
        EngineWorld world, string service, IClusterApi? api = null, TimeSpan? timeToLive = null, Func<SessionHolder, SessionHolder>? holder = null)
    {
        var plan = EngineWorld.Plan("x") with { Service = ServiceReference.Parse($"shop/{service}"), Holder = Holder };
        plan = plan with { TimeToLive = timeToLive ?? plan.TimeToLive };
        var scope = new ServiceScope(api ?? world.Api, plan.Service, TimeProvider.System);
        var live = (await scope.Api.FindAsync<V1Service>("shop", service, Token))!;
        var draft = SessionDraft.Create(live, plan, scope.Names, null, TimeProvider.System);
        var session = await scope.Journal.WriteAsync(
            new SessionResource { Metadata = draft.Metadata, Spec = draft.Spec with { Holder = holder?.Invoke(draft.Spec.Holder) ?? draft.Spec.Holder with { Host = Host } } }, Token);
        await scope.ConfigMap.ClaimAsync(new V1ConfigMap { Metadata = OwnedMetadata.For(live) }, session.Participant, Token);
        await scope.Deployment.ClaimAsync(Deployment(live, scope.Names), session.Participant, Token);
        await scope.Decoy.ClaimAsync(DecoyManifest.Create(live, session.Spec.Original), session.Participant, Token);
        await scope.Hijacker.EnterAsync(session, (_, _) => Task.FromResult(true), _ => Task.FromResult(true), Token);
        await scope.Journal.SetPhaseAsync(session, SessionPhase.Active, null, Token);
        return session;
    }

    public static Task<ClusterInventory> ReadInventoryAsync(EngineWorld world) => ClusterInventory.ReadAsync(world.Api, "shop", [], Token);

    private static V1Deployment Deployment(V1Service service, InterceptNames names)
    {
        var labels = new Dictionary<string, string> { [Labels.Session] = names.SessionHash };
        return new V1Deployment
        {
            Metadata = OwnedMetadata.For(service),
            Spec = new V1DeploymentSpec
            {
                Replicas = 0,
                Selector = new V1LabelSelector { MatchLabels = labels },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = labels },
                    Spec = new V1PodSpec { Containers = [new V1Container { Name = "proxy", Image = "hop:1" }] },
                },
            },
        };
    }
}
