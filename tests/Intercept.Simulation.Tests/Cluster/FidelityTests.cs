using System.Text.RegularExpressions;
using Intercept.Embedded;
using Intercept.Embedded.ApiServer.Schemas;
using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using Intercept.Simulation.Tests.Network;
using k8s;
using k8s.Models;

namespace Intercept.Simulation.Tests.Cluster;

/// <summary>
/// The simulated cluster shares its API server with the embedded one; its controllers, lists and watches are its own. The same
/// script must have the same course on both.
/// </summary>
public sealed partial class FidelityTests
{
    private const string Space = "fidelity";

    [Fact]
    public async Task A_script_has_the_same_course_on_the_simulated_and_on_the_embedded_cluster()
    {
        var simulated = Simulate();
        var embedded = await EmbedAsync();
        Assert.Equal(embedded, simulated);
        Assert.True(embedded.Count > 25, string.Join(Environment.NewLine, embedded));
    }

    private static List<string> Simulate()
    {
        var world = new World(seed: 1, new ModelSchemas(), new Landscape { HasDefinition = false });
        world.Cluster.CreateNamespace(Space);
        var actor = world.CreateProcess("script");
        var client = new Kubernetes(
            new KubernetesClientConfiguration { Host = "http://localhost" }, new SimulatedNetwork(world, actor, NoFaults.Instance));
        var course = new List<string>();
        actor.Start(() => RunAsync(new ClusterApi(client, actor.Time, world.Scheduler.Chance), course, CancellationToken.None));
        world.Scheduler.RunUntil(() => actor.HasEnded, TimeSpan.FromHours(1));
        Assert.Null(actor.Failure);
        Assert.Null(world.Scheduler.Escape);
        Assert.True(actor.HasFinished, $"The script stands still after: {course.LastOrDefault()}");
        return course;
    }

    private static async Task<List<string>> EmbedAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var options = new EmbeddedClusterOptions { ServiceSyncLag = TimeSpan.Zero };
        options.Images.Add<Intercept.Tests.Apps.Hop.Readiness>("hop:1");
        await using var cluster = await EmbeddedCluster.StartAsync(options, token);
        using var client = new Kubernetes(cluster.CreateClientConfiguration());
        await client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = Space } }, cancellationToken: token);
        var course = new List<string>();
        await RunAsync(new ClusterApi(client, TimeProvider.System), course, token);
        return course;
    }

    private static async Task RunAsync(ClusterApi api, List<string> course, CancellationToken token)
    {
        await NoteAsync("no Sessions before their definition", async () => (await api.ListAsync<SessionResource>(Space, null, token)).Count);
        await SessionDefinition.EnsureAsync(api, token);
        await NoteAsync("no Sessions", async () => (await api.ListAsync<SessionResource>(Space, Engine.Labels.SelectAll, token)).Count);

        var service = await api.CreateAsync(Service("leaf"), token);
        await NoteAsync("the same name again", () => api.CreateAsync(Service("leaf"), token));
        await NoteAsync("a Service in no namespace", () => api.CreateAsync(Service("leaf", "nowhere"), token));
        await NoteAsync("a bad name", () => api.CreateAsync(Service("Leaf"), token));
        await NoteAsync("nothing", () => api.FindAsync<V1Service>(Space, "nothing", token));
        await NoteAsync("metadata alone", async () => (await api.FindMetadataAsync<V1Service>(Space, "leaf", token))!.Spec is null);

        var patched = await api.PatchAsync<V1Service>(Space, "leaf", JsonPatch.For(service.ToLive()).SetLabel(service.ToLive(), "a", "b"), token);
        await NoteAsync("a stale patch", () => api.PatchAsync<V1Service>(Space, "leaf", JsonPatch.For(service.ToLive()).SetLabel(service.ToLive(), "a", "c"), token));
        await NoteAsync("a patch of another uid", () => api.PatchAsync<V1Service>(
            Space, "leaf", new JsonPatch().Test("/metadata/uid", "other").Replace("/metadata/resourceVersion", patched.Metadata.ResourceVersion), token));
        await NoteAsync("a patch below nothing", () => api.PatchAsync<V1Service>(Space, "leaf", JsonPatch.For(Bare(patched)).Add("/metadata/annotations/a", "b"), token));
        await NoteAsync("a stale patch below nothing", () => api.PatchAsync<V1Service>(Space, "leaf", JsonPatch.For(service.ToLive()).Add("/metadata/annotations/a", "b"), token));
        await NoteAsync("a patch of nothing", () => api.PatchAsync<V1Service>(Space, "nothing", JsonPatch.For(Bare(patched)), token));
        await NoteAsync("a patch that changes nothing", async () => (await api.PatchAsync<V1Service>(
            Space, "leaf", JsonPatch.For(Bare(patched)).SetLabel(Bare(patched), "a", "b"), token)).Metadata.ResourceVersion == patched.Metadata.ResourceVersion);
        await NoteAsync("managers", async () => string.Join(',', (await api.FindAsync<V1Service>(Space, "leaf", token))!.Metadata.ManagedFields.Select(entry => $"{entry.Manager}/{entry.Operation}")));
        await NoteAsync("a stale deletion", () => api.DeleteAsync(service, token));

        var session = await api.CreateAsync(Session(service), token);
        await api.PatchStatusAsync<SessionResource>(Space, "session", new { status = new { phase = "Active" } }, token);
        await NoteAsync("the status", async () => (await api.FindAsync<SessionResource>(Space, "session", token))!.Status!.Phase);
        await NoteAsync("a change of the spec", () => api.PatchAsync<SessionResource>(Space, "session", new JsonPatch().Replace("/spec/nonce", "other"), token));
        await NoteAsync("the deletion of an older version", () => api.DeleteAsync(session, token));

        await api.CreateAsync(Deployment(), token);
        await NoteAsync("ready pods", async () => (await api.WaitAsync<V1Pod>(Space, "app=leaf", pods => pods.Any(IsReady), token)).Count);
        await NoteAsync("ready addresses", async () => await AddressesAsync(addresses => addresses == 1));
        await RouteAsync("other");
        await NoteAsync("addresses of another selector", async () => await AddressesAsync(addresses => addresses == 0));
        await RouteAsync("leaf");
        await NoteAsync("addresses of the first selector", async () => await AddressesAsync(addresses => addresses == 1));

        await api.CreateAsync(new V1ConfigMap { Metadata = Owned("owned", service) }, token);
        await api.CreateAsync(Decoy(service), token);
        await NoteAsync("the Service goes", async () => await api.DeleteAsync((await api.FindAsync<V1Service>(Space, "leaf", token))!, token));
        await NoteAsync("what it owned goes with it: ConfigMaps", async () => (await api.WaitAsync<V1ConfigMap>(Space, "owned=yes", items => items.Count == 0, token)).Count);
        await NoteAsync("what it owned goes with it: Services", async () => (await api.WaitAsync<V1Service>(Space, "owned=yes", items => items.Count == 0, token)).Count);
        await NoteAsync("what it owned goes with it: Sessions", async () => (await api.WaitAsync<SessionResource>(Space, "owned=yes", items => items.Count == 0, token)).Count);
        await NoteAsync("its EndpointSlices", async () => (await api.WaitAsync<V1EndpointSlice>(Space, null, items => items.Count == 0, token)).Count);
        await NoteAsync("gone twice", () => api.DeleteAsync(service, token));
        await NoteAsync("the Deployment goes", async () => await api.DeleteAsync((await api.FindAsync<V1Deployment>(Space, "leaf", token))!, token));
        await NoteAsync("its pods go with it", async () => (await api.WaitAsync<V1Pod>(Space, "app=leaf", pods => pods.Count == 0, token)).Count);

        async Task NoteAsync<T>(string what, Func<Task<T>> call)
        {
            try
            {
                course.Add($"{what}: {Show(await call())}");
            }
            catch (ApiException exception)
            {
                course.Add($"{what}: {exception.Status} {exception.Details?.Reason} {Versions.Replace(exception.Details?.Message ?? string.Empty, "(…)")}");
            }
        }

        async Task<int> AddressesAsync(Func<int, bool> condition)
        {
            var slices = await api.WaitAsync<V1EndpointSlice>(Space, "kubernetes.io/service-name=leaf", found => condition(Count(found)), token);
            return Count(slices);
        }

        async Task RouteAsync(string app)
        {
            var live = (await api.FindAsync<V1Service>(Space, "leaf", token))!;
            await api.PatchAsync<V1Service>(Space, "leaf", JsonPatch.For(live.ToLive()).Replace("/spec/selector", new Dictionary<string, string> { ["app"] = app }), token);
        }
    }

    [GeneratedRegex(@"\([0-9]+\)", RegexOptions.CultureInvariant)]
    private static partial Regex Versions { get; }

    /// <summary>What a patch answers is metadata alone.</summary>
    private static LiveObject Bare(IKubernetesObject<V1ObjectMeta> resource) => resource.ToLive();

    private static string? Show(object? value) => value is IKubernetesObject<V1ObjectMeta> item ? item.Metadata.Name : value?.ToString();

    private static bool IsReady(V1Pod pod) => pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    private static int Count(IEnumerable<V1EndpointSlice> slices) =>
        slices.Sum(slice => (slice.Endpoints ?? []).Count(endpoint => endpoint.Conditions?.Ready != false));

    private static V1Service Service(string name, string space = Space) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = space },
        Spec = new V1ServiceSpec
        {
            Selector = new Dictionary<string, string> { ["app"] = "leaf" },
            Ports = [new V1ServicePort { Port = 3010, TargetPort = 3010 }],
        },
    };

    private static V1Service Decoy(V1Service owner)
    {
        var decoy = Service("decoy");
        decoy.Metadata = Owned("decoy", owner);
        return decoy;
    }

    private static V1ObjectMeta Owned(string name, V1Service owner) => new()
    {
        Name = name,
        NamespaceProperty = Space,
        Labels = new Dictionary<string, string> { ["owned"] = "yes" },
        OwnerReferences = [new V1OwnerReference { ApiVersion = "v1", Kind = "Service", Name = owner.Metadata.Name, Uid = owner.Metadata.Uid }],
    };

    private static SessionResource Session(V1Service service)
    {
        var plan = new Engine.InterceptPlan
        {
            Service = ServiceReference.Parse($"{Space}/leaf"),
            Rule = HeaderRule.AllTraffic,
            Handler = _ => Task.CompletedTask,
        };
        var session = SessionDraft.Create(service, plan, Engine.InterceptNames.For(plan.Service), witness: null, TimeProvider.System);
        session.Metadata = Owned("session", service);
        return session;
    }

    private static V1Deployment Deployment() => new()
    {
        Metadata = new V1ObjectMeta { Name = "leaf", NamespaceProperty = Space },
        Spec = new V1DeploymentSpec
        {
            Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "leaf" } },
            Template = new V1PodTemplateSpec
            {
                Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = "leaf" } },
                Spec = new V1PodSpec
                {
                    Containers =
                    [
                        new V1Container
                        {
                            Name = "leaf",
                            Image = "hop:1",
                            Env = [new V1EnvVar { Name = "ASPNETCORE_HTTP_PORTS", Value = "3010" }],
                            ReadinessProbe = new V1Probe { HttpGet = new V1HTTPGetAction { Path = "/who", Port = 3010 } },
                        },
                    ],
                },
            },
        },
    };
}
