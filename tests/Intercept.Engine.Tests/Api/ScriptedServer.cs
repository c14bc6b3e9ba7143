using System.Collections.Concurrent;
using System.Net;
using System.Text;
using k8s;

namespace Intercept.Engine.Tests.Api;

/// <summary>Answers a KubernetesClient's requests from a script, and remembers them.</summary>
internal sealed class ScriptedServer : DelegatingHandler
{
    private readonly ConcurrentQueue<Func<CancellationToken, Task<HttpResponseMessage>>> _answers = new();

    public ConcurrentQueue<(HttpMethod Method, Uri Address, string Body)> Requests { get; } = new();

    public Kubernetes CreateClient() => new(new KubernetesClientConfiguration { Host = "http://api.test" }, this);

    public ScriptedServer Answer(HttpStatusCode status, string json, string mediaType = "application/json") =>
        Answer(_ => Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(json, Encoding.UTF8, mediaType) }));

    public ScriptedServer Answer(Func<CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? string.Empty : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Enqueue((request.Method, request.RequestUri!, body));
        Assert.True(_answers.TryDequeue(out var answer), $"Nothing is scripted for {request.Method} {request.RequestUri}.");
        return await answer(cancellationToken);
    }
}
