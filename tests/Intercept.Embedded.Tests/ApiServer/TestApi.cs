using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.Faults;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Intercept.Embedded.Tests.ApiServer;

/// <summary>A started API server with a namespace, a KubernetesClient and a plain HTTP client.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    public const string Space = "case-ns";

    private TestApi(ApiServerHost host, FakeNode node)
    {
        Host = host;
        Node = node;
        Client = new Kubernetes(new KubernetesClientConfiguration { Host = host.Address.ToString(), AccessToken = host.Token });
        Http = new HttpClient { BaseAddress = host.Address };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", host.Token);
        Http.DefaultRequestHeaders.UserAgent.ParseAdd("recorder/1.0");
    }

    public ApiServerHost Host { get; }

    public FakeNode Node { get; }

    public ApiFaults Faults => Host.Faults;

    public Kubernetes Client { get; }

    public HttpClient Http { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<TestApi> StartAsync(ApiServerSettings? settings = null, TimeProvider? time = null)
    {
        var node = new FakeNode();
        var host = await ApiServerHost.StartAsync(settings ?? new ApiServerSettings(), node, time ?? TimeProvider.System, Token);
        var api = new TestApi(host, node);
        await api.Client.CreateNamespaceAsync(new V1Namespace { Metadata = new() { Name = Space } }, cancellationToken: Token);
        return api;
    }

    public async Task<(int Status, JsonObject Body)> SendAsync(HttpMethod method, string path, JsonNode? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        using var response = await Http.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType == "application/json" ? JsonNode.Parse(text)!.AsObject() : new JsonObject { ["text"] = text });
    }

    public Task<V1ConfigMap> CreateConfigMapAsync(string name, IDictionary<string, string>? labels = null, params V1OwnerReference[] owners) =>
        Client.CreateNamespacedConfigMapAsync(
            new V1ConfigMap
            {
                Metadata = new() { Name = name, Labels = labels, OwnerReferences = owners.Length > 0 ? owners : null },
                Data = new Dictionary<string, string> { ["a"] = "1" },
            },
            Space,
            cancellationToken: Token);

    /// <summary>The failure of a call that must fail, as the Status that came with it.</summary>
    public static async Task<V1Status> FailureAsync(Func<Task> call, HttpStatusCode expected)
    {
        var failure = await Assert.ThrowsAsync<HttpOperationException>(call);
        Assert.Equal(expected, failure.Response.StatusCode);
        return KubernetesJson.Deserialize<V1Status>(failure.Response.Content);
    }

    /// <summary>Waits until something holds; the test's own time-out ends the wait.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Token);
        while (!await holds())
        {
            await Task.Delay(5, either.Token);
        }
    }

    public async Task<bool> IsGoneAsync(string path) => (await SendAsync(HttpMethod.Get, path)).Status == 404;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Http.Dispose();
        await Host.DisposeAsync();
        await Task.WhenAll(Node.Echoes);
    }
}
