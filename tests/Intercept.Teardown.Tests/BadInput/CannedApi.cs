using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Intercept.Engine;
using k8s;

namespace Intercept.Teardown.Tests.BadInput;

/// <summary>An API server with fixed answers. It refuses every write, and remembers that there was one.</summary>
internal sealed class CannedApi : DelegatingHandler
{
    public const string ServicePath = "/api/v1/namespaces/shop/services/leaf";
    public const string SessionsPath = "/apis/system.codezero.io/v1/namespaces/shop/sessions";

    public const string GoodService =
        """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"leaf","namespace":"shop","uid":"u1","resourceVersion":"1"},
         "spec":{"type":"ClusterIP","clusterIP":"10.0.0.1","selector":{"app":"leaf"},"ports":[{"name":"http","port":3010,"protocol":"TCP","targetPort":3010}]}}
        """;

    private readonly Dictionary<string, string> _answers = new()
    {
        ["/api/v1/namespaces/shop"] = """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}""",
        [ServicePath] = GoodService,
        [SessionsPath] = """{"apiVersion":"system.codezero.io/v1","kind":"SessionList","metadata":{"resourceVersion":"1"},"items":[]}""",
    };

    public ConcurrentQueue<string> Writes { get; } = new();

    public static InterceptPlan Plan { get; } = new()
    {
        Service = ServiceReference.Parse("shop/leaf"),
        Rule = HeaderRule.Create(HeaderRule.DefaultName, "value"),
        Handler = _ => Task.CompletedTask,
        Holder = nameof(CannedApi),
    };

    public CannedApi Answer(string path, string json)
    {
        _answers[path] = json;
        return this;
    }

    /// <summary>What becomes of an opening here; nothing can be written, so it must fail.</summary>
    public async Task<InterceptException> OpenAsync(InterceptPlan? plan = null)
    {
        using var client = CreateClient();
        var engine = new InterceptEngine(client, TimeProvider.System);
        return await Assert.ThrowsAnyAsync<InterceptException>(() => engine.OpenAsync(plan ?? Plan, null, TestContext.Current.CancellationToken));
    }

    public Kubernetes CreateClient() => new(new KubernetesClientConfiguration { Host = "http://api.test" }, this);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (request.Method != HttpMethod.Get)
        {
            Writes.Enqueue($"{request.Method} {path}");
            return Task.FromResult(Json(HttpStatusCode.Forbidden, """{"kind":"Status","status":"Failure","reason":"Forbidden","code":403,"message":"no writes here"}"""));
        }

        return Task.FromResult(_answers.TryGetValue(path, out var json)
            ? Json(HttpStatusCode.OK, json)
            : Json(HttpStatusCode.NotFound, """{"kind":"Status","status":"Failure","reason":"NotFound","code":404,"message":"not found"}"""));
    }

    private static HttpResponseMessage Json(HttpStatusCode status, string json) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
}
