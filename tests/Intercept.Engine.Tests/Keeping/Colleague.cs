using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Intercept.Engine.Records;
using Intercept.Engine.Tests.Worlds;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Tests.Keeping;

/// <summary>Somebody with a Service of their own in namespace shop, which they change while it is intercepted.</summary>
internal sealed class Colleague : IAsyncDisposable
{
    private readonly EngineWorld _world;
    private readonly string _name;
    private readonly string _manifest;

    private Colleague(EngineWorld world, string name, string manifest)
    {
        _world = world;
        _name = name;
        _manifest = manifest;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Colleague> CreateAsync(EngineWorld world, string name, bool secondPort = false)
    {
        var ports = new JsonArray(Port("http", 3010));
        if (secondPort)
        {
            ports.Add(Port("admin", 3011));
        }

        var manifest = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "shop" },
            ["spec"] = new JsonObject { ["selector"] = new JsonObject { ["app"] = "leaf" }, ["ports"] = ports },
        };
        var colleague = new Colleague(world, name, manifest.ToJsonString());
        await colleague.SendAsync(HttpMethod.Post, "api/v1/namespaces/shop/services?fieldManager=colleague", "application/json", colleague._manifest);
        await world.Api.WaitAsync<V1EndpointSlice>(
            "shop", $"kubernetes.io/service-name={name}", slices => slices.Any(slice => slice.Endpoints is { Count: > 0 }), Token);
        return colleague;
    }

    /// <summary>An intercept of the Service.</summary>
    public Task<Interception> InterceptAsync(Func<InterceptPlan, InterceptPlan>? change = null)
    {
        var plan = EngineWorld.Plan(_name) with { Service = ServiceReference.Parse($"shop/{_name}") };
        return _world.CreateEngine().OpenAsync(change?.Invoke(plan) ?? plan, null, Token);
    }

    public async Task<V1Service> ReadAsync() => (await _world.Api.FindAsync<V1Service>("shop", _name, Token))!;

    /// <summary>Waits until the Service satisfies the condition.</summary>
    public Task WaitAsync(Func<V1Service, bool> condition) =>
        _world.Api.WaitAsync<V1Service>("shop", null, services => services.Any(service => service.Metadata.Name == _name && condition(service)), Token);

    /// <summary>Waits until the decoy satisfies the condition.</summary>
    public Task WaitForDecoyAsync(Func<V1Service, bool> condition) => _world.Api.WaitAsync<V1Service>(
        "shop", Labels.SelectAll, services => services.Any(service => service.Metadata.Name == $"interceptor-{_name}-decoy" && condition(service)), Token);

    /// <summary>kubectl patch --type=merge.</summary>
    public Task MergeAsync(string patch) => SendAsync(HttpMethod.Patch, $"{Path}?fieldManager=colleague", "application/merge-patch+json", patch);

    /// <summary>kubectl patch --type=json.</summary>
    public async Task PatchAsync(Func<LiveService, JsonPatch> patch)
    {
        while (true)
        {
            using var response = await _world.Client.HttpClient.SendAsync(
                Request(HttpMethod.Patch, $"{Path}?fieldManager=colleague", "application/json-patch+json", patch((await ReadAsync()).ToLive()).ToString()), Token);
            if (response.StatusCode != System.Net.HttpStatusCode.Conflict)
            {
                response.EnsureSuccessStatusCode();
                return;
            }
        }
    }

    /// <summary>kubectl apply --server-side --force-conflicts of the Service's manifest.</summary>
    public Task ApplyServerSideAsync(string manager) => SendAsync(
        HttpMethod.Patch, $"{Path}?fieldManager={manager}&force=true", "application/apply-patch+yaml", _manifest);

    /// <summary>kubectl replace of the Service's manifest.</summary>
    public Task ReplaceAsync() => SendAsync(HttpMethod.Put, $"{Path}?fieldManager=kubectl-replace", "application/json", _manifest);

    /// <summary>Nothing of ours is on the Service.</summary>
    public void AssertNotOurs(V1Service service)
    {
        Assert.Equal(_name, service.Metadata.Name);
        Assert.DoesNotContain(service.Metadata.Annotations?.Keys ?? [], key => key.StartsWith("system.codezero.io/", StringComparison.Ordinal));
        Assert.DoesNotContain(service.Metadata.Labels?.Keys ?? [], key => key.StartsWith("system.codezero.io/", StringComparison.Ordinal));
        Assert.DoesNotContain(service.Metadata.ManagedFields, entry => entry.Manager == ProtocolNames.FieldManager);
    }

    public async ValueTask DisposeAsync()
    {
        if (await _world.Api.FindAsync<V1Service>("shop", _name, Token) is { } service)
        {
            await _world.Api.DeleteAsync(service, Token);
        }
    }

    private string Path => $"api/v1/namespaces/shop/services/{_name}";

    private static JsonObject Port(string name, int port) =>
        new() { ["name"] = name, ["port"] = port, ["targetPort"] = 3010, ["protocol"] = "TCP" };

    private async Task SendAsync(HttpMethod method, string path, string contentType, string body)
    {
        using var request = Request(method, path, contentType, body);
        using var response = await _world.Client.HttpClient.SendAsync(request, Token);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Token)}");
    }

    private HttpRequestMessage Request(HttpMethod method, string path, string contentType, string body)
    {
        var request = new HttpRequestMessage(method, new Uri(_world.Client.BaseUri, path))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _world.Token);
        return request;
    }
}
