using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Intercept.Embedded;
using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using Intercept.Proxy.Reaping;
using Intercept.Teardown.Tests.Model.Replay.Actors;
using Intercept.Teardown.Tests.Model.States;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Intercept.Teardown.Tests.Model.Replay;

/// <summary>An embedded cluster for traces, each in a namespace of its own, and the road on which the reapers reach its API.</summary>
public sealed class ReplayWorld : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("intercept-replay-").FullName;
    private readonly ConcurrentDictionary<string, ReaperPod> _reapers = new();
    private EmbeddedCluster? _cluster;
    private Kubernetes? _client;
    private HttpClient? _http;
    private WebApplication? _road;
    private int _traces;

    /// <summary>Far beyond what anything takes that does not hang.</summary>
    internal static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    internal Kubernetes Client => _client ?? throw new InvalidOperationException("The world has not been started.");

    internal IClusterApi Api => new ClusterApi(Client, TimeProvider.System);

    /// <summary>What a reaper is told of the API, as a container is.</summary>
    internal IReadOnlyDictionary<string, string?> ReaperSettings { get; private set; } = new Dictionary<string, string?>();

    public async ValueTask InitializeAsync()
    {
        var token = TestContext.Current.CancellationToken;
        _cluster = await EmbeddedCluster.StartAsync(null, token);
        _client = new Kubernetes(_cluster.CreateClientConfiguration());
        _http = new HttpClient { BaseAddress = _cluster.ApiServer };
        await SessionDefinition.EnsureAsync(Api, token);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _road = builder.Build();
        _road.Run(ForwardAsync);
        await _road.StartAsync(token);

        await File.WriteAllTextAsync(Path.Join(_folder, "token"), _cluster.Token, token);
        var address = new Uri(_road.Urls.Single());
        ReaperSettings = new Dictionary<string, string?>
        {
            [ApiAccess.Option] = _folder,
            ["KUBERNETES_SERVICE_SCHEME"] = address.Scheme,
            ["KUBERNETES_SERVICE_HOST"] = address.Host,
            ["KUBERNETES_SERVICE_PORT"] = address.Port.ToString(CultureInfo.InvariantCulture),
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_road is not null)
        {
            await _road.DisposeAsync();
        }

        _http?.Dispose();
        _client?.Dispose();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A Service for one trace that does not exist yet.</summary>
    internal ServiceReference NextService() =>
        ServiceReference.Parse(string.Create(CultureInfo.InvariantCulture, $"trace-{Interlocked.Increment(ref _traces)}/leaf"));

    internal void Add(string namespaceName, ReaperPod reaper) => _reapers[namespaceName] = reaper;

    internal void Remove(string namespaceName) => _reapers.TryRemove(namespaceName, out _);

    /// <summary>Whether the Session of a participant is there, and not being closed.</summary>
    internal async Task<bool> IsOpenAsync(ServiceReference service, Holders holder) =>
        (await CustomResourceStore.ListAsync(Api, service.Namespace, CancellationToken.None)).Sessions
            .Any(session => session.Spec.Holder.Name == holder.ToString() && !session.IsClosing);

    private async Task ForwardAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        try
        {
            await _reapers[path.Split('/').SkipWhile(part => part != "namespaces").ElementAt(1)].PassAsync(context.Request.Method, path);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), path + context.Request.QueryString);
        if (context.Request.ContentLength > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        foreach (var name in (string[])["Accept", "Authorization", "User-Agent"])
        {
            request.Headers.TryAddWithoutValidation(name, context.Request.Headers[name].ToArray());
        }

        using var answer = await _http!.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
