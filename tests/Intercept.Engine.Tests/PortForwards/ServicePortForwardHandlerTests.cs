using System.Text.Json;
using Intercept.Engine.PortForwards;
using Intercept.Engine.Tests.Tunnels;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Intercept.Engine.Tests.PortForwards;

public sealed class ServicePortForwardHandlerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_reach_the_ready_pods_of_a_Service_in_turn()
    {
        await using var cluster = await Cluster.StartAsync();
        using var client = cluster.CreateClient();
        client.DefaultRequestHeaders.ConnectionClose = true;

        var first = await client.GetStringAsync(new Uri("http://frontend.shop/a?b"), Cancellation);
        var second = await client.GetStringAsync(new Uri("http://frontend.shop/a?b"), Cancellation);

        Assert.StartsWith("pod GET /a?b frontend.shop ", first, StringComparison.Ordinal);
        Assert.StartsWith("pod GET /a?b frontend.shop ", second, StringComparison.Ordinal);
        Assert.Equal(["frontend-1", "frontend-3"], cluster.Forwarded.Order());
    }

    [Theory]
    [InlineData("http://frontend.shop:81/", "has no port 81: it has 80, 9000.")]
    [InlineData("http://frontend.shop:9000/", "has no ready pod for port 9000")]
    [InlineData("http://backend.shop/", "Can't look up Service shop/backend")]
    [InlineData("http://frontend/", "write http://service.namespace:port/")]
    public async Task What_can_not_be_reached_is_explained(string address, string expected)
    {
        await using var cluster = await Cluster.StartAsync();
        using var client = cluster.CreateClient();

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri(address), Cancellation));

        Assert.Contains(expected, exception.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Of an API server, what the handler asks for.</summary>
    private sealed class Cluster : IAsyncDisposable
    {
        private readonly SampleApp _pod = new("pod");
        private readonly List<Kubernetes> _clients = [];
        private WebApplication _podHost = null!;
        private WebApplication _api = null!;

        public List<string> Forwarded { get; } = [];

        public static async Task<Cluster> StartAsync()
        {
            var cluster = new Cluster();
            cluster._podHost = await ProxyRig.ServeAsync(cluster._pod.InvokeAsync, HttpProtocols.Http1);
            var pipeline = new ApplicationBuilder(new ServiceCollection().AddLogging().AddOptions().BuildServiceProvider());
            pipeline.UseWebSockets();
            pipeline.Run(cluster.AnswerAsync);
            cluster._api = await ProxyRig.ServeAsync(pipeline.Build(), HttpProtocols.Http1);
            return cluster;
        }

        public HttpClient CreateClient()
        {
            var kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = $"http://127.0.0.1:{ProxyRig.Ports(_api)[0]}" });
            _clients.Add(kubernetes);
            return new HttpClient(new ServicePortForwardHandler(kubernetes));
        }

        public async ValueTask DisposeAsync()
        {
            _clients.ForEach(client => client.Dispose());
            await ProxyRig.StopAsync(_api);
            await ProxyRig.StopAsync(_podHost);
        }

        private async Task AnswerAsync(HttpContext context)
        {
            var path = context.Request.Path.Value!;
            if (path == "/api/v1/namespaces/shop/services/frontend")
            {
                await WriteAsync(context, """
                    { "apiVersion": "v1", "kind": "Service", "metadata": { "name": "frontend" },
                      "spec": { "ports": [ { "port": 80, "name": "http", "targetPort": 8080 }, { "port": 9000, "name": "metrics" } ] } }
                    """);
            }
            else if (path == "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices")
            {
                Assert.Equal("kubernetes.io/service-name=frontend", context.Request.Query["labelSelector"]);
                var port = ProxyRig.Ports(_podHost)[0];
                await WriteAsync(context, $$"""
                    { "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSliceList", "items": [
                      { "addressType": "IPv4", "metadata": { "name": "a" }, "ports": [ { "name": "http", "port": {{port}} } ], "endpoints": [
                        { "addresses": ["10.0.0.1"], "conditions": { "ready": true }, "targetRef": { "kind": "Pod", "name": "frontend-1" } },
                        { "addresses": ["10.0.0.2"], "conditions": { "ready": false }, "targetRef": { "kind": "Pod", "name": "frontend-2" } },
                        { "addresses": ["10.0.0.3"], "targetRef": { "kind": "Pod", "name": "frontend-3" } } ] } ] }
                    """);
            }
            else if (path.EndsWith("/portforward", StringComparison.Ordinal))
            {
                Forwarded.Add(path.Split('/')[^2]);
                using var socket = await context.WebSockets.AcceptWebSocketAsync("v4.channel.k8s.io");
                await ChannelSocketServer.ForwardAsync(socket, int.Parse(context.Request.Query["ports"]!), context.RequestAborted);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                await WriteAsync(context, """{ "kind": "Status", "apiVersion": "v1", "code": 404, "reason": "NotFound", "message": "services not found" }""");
            }
        }

        private static Task WriteAsync(HttpContext context, string json)
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(JsonDocument.Parse(json).RootElement.GetRawText());
        }
    }
}
