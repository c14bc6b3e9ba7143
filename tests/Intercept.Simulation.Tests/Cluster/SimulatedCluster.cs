using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.ApiServer.Access;
using Intercept.Embedded.ApiServer.Admission;
using Intercept.Embedded.ApiServer.Custom;
using Intercept.Embedded.ApiServer.Discovery;
using Intercept.Embedded.ApiServer.Http;
using Intercept.Embedded.ApiServer.Namespaces;
using Intercept.Embedded.ApiServer.Ownership;
using Intercept.Embedded.ApiServer.Patches;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Resources;
using Intercept.Embedded.ApiServer.Resources.Services;
using Intercept.Embedded.ApiServer.Resources.Workloads;
using Intercept.Embedded.ApiServer.Schemas;
using Intercept.Embedded.ApiServer.Storage;
using Intercept.Embedded.ApiServer.Watches;
using Intercept.Embedded.Faults;
using Intercept.Simulation.Tests.Cluster.Controllers;
using Intercept.Simulation.Tests.Scheduling;
using k8s;

namespace Intercept.Simulation.Tests.Cluster;

/// <summary>
/// The embedded cluster's own API server without a listener and without background tasks: requests are served in one go on the
/// scheduler's thread, and the controllers run when the scheduler lets them.
/// </summary>
internal sealed class SimulatedCluster
{
    private readonly RequestRouter _router;
    private readonly NamespaceFurniture _furniture;
    private readonly ConditionalWeakTable<StoredObject, JsonObject> _views = [];
    private readonly Dictionary<string, long> _created = new(StringComparer.Ordinal);

    public SimulatedCluster(Scheduler scheduler, ModelSchemas schemas)
    {
        var time = new ActorTime(scheduler, null);
        Time = time;
        Store = new ObjectStore(historyLength: 10_000);
        Deletion = new ObjectDeletion(Store, time);
        var custom = new CustomResources(Store, Catalog, schemas, Deletion, time);
        ObjectRegistry? registry = null;
        NamespaceFurniture? furniture = null;
        var settings = new ApiServerSettings();
        var special = new StrategySet(
            new NamespaceStrategy(name => furniture!.Furnish(name)),
            new ServiceStrategy(new ServiceAllocator(settings.ServiceRange, settings.NodePorts)),
            new PodStrategy(new ServiceAccountAdmission(() => Store.Table(Catalog.Get("", "serviceaccounts")))),
            new DefinitionStrategy(custom.Establish));
        foreach (var resource in BuiltInResources.All(schemas, special))
        {
            Catalog.Add(resource);
            Store.Table(resource);
        }

        var ownership = new FieldOwnership(time);
        registry = new ObjectRegistry(Store, new NamespaceGate(Table("", "namespaces")), ownership, time);
        Registry = registry;
        furniture = new NamespaceFurniture(Catalog, registry);
        _furniture = furniture;
        var roles = new RoleBasedAccess(new RoleTables(Store, Catalog));
        var access = new AccessControl(Denied, roles);
        _router = new RequestRouter(
            Catalog,
            Store,
            access,
            new DiscoveryDocuments(Catalog, new OpenApiDocuments(Catalog), settings),
            new AccessReviews(access, Denied, roles),
            new ResourceCalls(
                Store,
                new ListAnswer(Store),
                new WatchStream(Store, new ApiFaults(Store, time), time, CancellationToken.None),
                new WriteCalls(registry, new PatchEngine(registry, new ServerSideApply(registry, ownership))),
                new DeleteCalls(Store, Deletion),
                new ScaleCall(Store, registry),
                new PodLogCall(Store, NoNode.Instance, CancellationToken.None),
                new Intercept.Embedded.ApiServer.PortForward.PortForwardCall(Store, NoNode.Instance, CancellationToken.None)));
        Controllers = new ControllerSet(scheduler, this);
        Store.Changed += change =>
        {
            if (change.Type == WatchEventType.Added)
            {
                _created[change.Object.Uid] = change.Revision;
            }
            else if (change.Type == WatchEventType.Deleted)
            {
                change.Table.Resource.Strategy.Released(change.Object);
            }
        };
    }

    public TimeProvider Time { get; }

    public ObjectStore Store { get; }

    /// <summary>What engines may not do.</summary>
    public DeniedAccess Denied { get; } = new();

    public ResourceCatalog Catalog { get; } = new();

    public ObjectRegistry Registry { get; }

    public ObjectDeletion Deletion { get; }

    public ControllerSet Controllers { get; }

    /// <summary>The objects of a kind; empty where the kind does not exist.</summary>
    public ResourceTable Table(string group, string plural) => Store.Table(Catalog.Get(group, plural));

    /// <summary>The Sessions, once their definition is there.</summary>
    public ResourceTable? Sessions => Catalog.All.Any(resource => resource.Plural == "sessions")
        ? Table("system.codezero.io", "sessions")
        : null;

    /// <summary>When an object came into being, as a version. Names hold random digits, and what is random must not decide anything.</summary>
    public long CreatedAt(StoredObject item) => _created[item.Uid];

    /// <summary>An object's JSON, to be read and never changed: parsed once for all who look at it.</summary>
    public JsonObject View(StoredObject item) => _views.GetValue(item, static stored => stored.ToJson());

    /// <summary>Creates an object as a controller or a kubelet writes it: whole, with its status.</summary>
    public void Put(string group, string plural, JsonObject json)
    {
        var table = Table(group, plural);
        ObjectMetadata.Begin(json, json.Metadata().Text("namespace"), countsGenerations: false, Time);
        Store.TryPut(table, null, ObjectMetadata.Arrange(json, table.Resource.ApiVersion, table.Resource.Kind));
    }

    public void CreateNamespace(string name) => _furniture.Create(name);

    /// <summary>Serves one request, at once and completely.</summary>
    public ApiAnswer Serve(ApiRequest request, Caller caller)
    {
        var context = request.ToContext();
        context.Features.Set(caller);
        using var body = new MemoryStream();
        context.Response.Body = body;
        var serving = OrderedList.Find(request, context, Catalog) is { } list
            ? OrderedList.WriteAsync(list, Store, CreatedAt)
            : _router.HandleAsync(context);
        if (!serving.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException($"{request} was not served in one go.", serving.Exception);
        }

        return new ApiAnswer(context.Response.StatusCode, context.Response.ContentType, body.ToArray());
    }
}
