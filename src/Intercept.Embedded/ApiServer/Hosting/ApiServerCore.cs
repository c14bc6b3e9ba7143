using Intercept.Embedded.ApiServer.Access;
using Intercept.Embedded.ApiServer.Admission;
using Intercept.Embedded.ApiServer.Custom;
using Intercept.Embedded.ApiServer.Discovery;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.GarbageCollection;
using Intercept.Embedded.ApiServer.Http;
using Intercept.Embedded.ApiServer.Namespaces;
using Intercept.Embedded.ApiServer.Ownership;
using Intercept.Embedded.ApiServer.Patches;
using Intercept.Embedded.ApiServer.PortForward;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Resources;
using Intercept.Embedded.ApiServer.Resources.Services;
using Intercept.Embedded.ApiServer.Resources.Workloads;
using Intercept.Embedded.ApiServer.Schemas;
using Intercept.Embedded.ApiServer.Storage;
using Intercept.Embedded.ApiServer.Watches;
using Intercept.Embedded.Faults;
using Intercept.Embedded.Node;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Hosting;

/// <summary>Puts the parts of the server together: everything but the listener.</summary>
internal sealed class ApiServerCore : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly GarbageCollector _garbage;
    private readonly NamespaceController _namespaces;
    private readonly DefinitionController _definitions;
    private readonly RequestRouter _router;

    public ApiServerCore(ApiServerSettings settings, INodeGateway node, TimeProvider time)
    {
        Denied = new DeniedAccess();
        Outage = new Outage();
        var store = new ObjectStore(settings.HistoryLength);
        var catalog = new ResourceCatalog();
        var schemas = new ModelSchemas();
        var deletion = new ObjectDeletion(store, time);
        var custom = new CustomResources(store, catalog, schemas, deletion, time);
        ObjectRegistry? registry = null;
        var special = new StrategySet(
            new NamespaceStrategy(name => new NamespaceFurniture(catalog, registry!).Furnish(name)),
            new ServiceStrategy(new ServiceAllocator(settings.ServiceRange, settings.NodePorts)),
            new PodStrategy(new ServiceAccountAdmission(() => store.Table(catalog.Get("", "serviceaccounts")))),
            new DefinitionStrategy(custom.Establish));
        foreach (var resource in BuiltInResources.All(schemas, special))
        {
            catalog.Add(resource);
            store.Table(resource);
        }

        store.Changed += change =>
        {
            if (change.Type == k8s.WatchEventType.Deleted)
            {
                change.Table.Resource.Strategy.Released(change.Object);
            }
        };
        var namespaces = store.Table(catalog.Get("", "namespaces"));
        var ownership = new FieldOwnership(time);
        registry = new ObjectRegistry(store, new NamespaceGate(namespaces), ownership, time);
        Tokens = new PodTokens(store, store.Table(catalog.Get("", "serviceaccounts")));
        Guard = new RequestGuard(Tokens);
        var roles = new RoleBasedAccess(new RoleTables(store, catalog));
        Access = new AccessControl(Denied, roles);
        Faults = new ApiFaults(store, time);
        _garbage = new GarbageCollector(store, deletion);
        _namespaces = new NamespaceController(store, namespaces, deletion, time);
        _definitions = new DefinitionController(store, store.Table(catalog.Get("apiextensions.k8s.io", "customresourcedefinitions")), custom);
        LocalApi = new LocalApi(catalog, registry, deletion);
        var patches = new PatchEngine(registry, new ServerSideApply(registry, ownership));
        _router = new RequestRouter(
            catalog,
            store,
            Access,
            new DiscoveryDocuments(catalog, new OpenApiDocuments(catalog), settings),
            new AccessReviews(Access, Denied, roles),
            new ResourceCalls(
                store,
                new ListAnswer(store),
                new WatchStream(store, Faults, time, _stopping.Token),
                new WriteCalls(registry, patches),
                new DeleteCalls(store, deletion),
                new ScaleCall(store, registry),
                new PodLogCall(store, node, _stopping.Token),
                new PortForwardCall(store, node, _stopping.Token)));
        foreach (var name in settings.Namespaces)
        {
            new NamespaceFurniture(catalog, registry).Create(name);
        }
    }

    public RequestGuard Guard { get; }

    public DeniedAccess Denied { get; }

    public PodTokens Tokens { get; }

    public ApiFaults Faults { get; }

    public Outage Outage { get; }

    public AccessControl Access { get; }

    public ILocalApi LocalApi { get; }

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            Outage.RequireAvailable();
            Guard.Check(context);
            Outage.RequireReady(context);
        }
        catch (ApiStatusException refused)
        {
            await ApiResponse.WriteFailureAsync(context, refused);
            return;
        }

        try
        {
            await Faults.InvokeAsync(context, _router.HandleAsync, _stopping.Token);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || _stopping.IsCancellationRequested)
        {
            // A call that a fault has held, until its client or the server went.
            context.Abort();
        }
    }

    /// <summary>Ends watches and streams.</summary>
    public Task StopAsync() => _stopping.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _namespaces.DisposeAsync();
        await _definitions.DisposeAsync();
        await _garbage.DisposeAsync();
        _stopping.Dispose();
    }
}
