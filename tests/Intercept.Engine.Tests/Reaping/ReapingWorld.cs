using System.Collections.Concurrent;
using System.Diagnostics;
using Intercept.Engine.PortForwards;
using Intercept.Engine.Records;
using Intercept.Engine.Tests.Worlds;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace Intercept.Engine.Tests.Reaping;

/// <summary>An engine's world in which every call of the Kubernetes API is noted, and other pods call the Service.</summary>
public sealed class ReapingWorld : IAsyncLifetime
{
    private const string Caller =
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: callers}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: caller, namespace: callers}
        spec:
          selector: {matchLabels: {app: caller}}
          template:
            metadata: {labels: {app: caller}}
            spec:
              containers:
                - name: caller
                  image: hop:1
                  env:
                    - {name: ASPNETCORE_HTTP_PORTS, value: "80"}
                    - {name: NEXT, value: "http://leaf.shop:3010/who"}
                  readinessProbe: {httpGet: {path: /who, port: 80}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: caller, namespace: callers}
        spec:
          selector: {app: caller}
          ports: [{port: 80}]
        """;

    private readonly ConcurrentQueue<ApiCall> _calls = new();

    internal EngineWorld Engines { get; } = new();

    /// <summary>Every call of the reaper since the last <see cref="Forget"/>.</summary>
    internal IReadOnlyList<ApiCall> ReaperCalls => [.. _calls];

    /// <summary>What happens to a call before it is done: true where the fault has answered it.</summary>
    internal Func<HttpContext, bool, Task<bool>>? Fault { get; set; }

    /// <summary>The reaper's token, as it last showed it.</summary>
    internal string Token { get; private set; } = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Engines.ApiInterceptor = InterceptAsync;
        await Engines.InitializeAsync();
        await Engines.ApplyAsync(Caller);
        await Engines.WaitUntilReadyAsync("callers");
    }

    public ValueTask DisposeAsync() => Engines.DisposeAsync();

    /// <summary>A plan whose holder counts as dead after two seconds.</summary>
    internal static InterceptPlan Plan(string answer, double seconds = 2) => EngineWorld.Plan(answer) with { TimeToLive = TimeSpan.FromSeconds(seconds) };

    internal void Forget() => _calls.Clear();

    internal async Task<V1Service> ReadLeafAsync() => (await Engines.Api.FindAsync<V1Service>("shop", "leaf", Cancelled))!;

    internal async Task<bool> IsHijackedAsync() => (await ReadLeafAsync()).ReadRecord() is not null;

    /// <summary>Waits until a condition holds, and tells how long that took.</summary>
    internal static async Task<TimeSpan> UntilAsync(Func<Task<bool>> condition, TimeSpan limit, Func<Task<string>>? describe = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > limit)
            {
                Assert.Fail($"Not within {limit}: {(describe is null ? "" : await describe())}");
            }

            await Task.Delay(20, Cancelled);
        }

        return watch.Elapsed;
    }

    /// <summary>Waits until the cluster is as it was.</summary>
    internal Task<TimeSpan> UntilNothingIsLeftAsync(string before, TimeSpan limit) => UntilAsync(
        async () => await Engines.SnapshotAsync() == before,
        limit,
        async () => $"before:\n{before}\nnow:\n{await Engines.SnapshotAsync()}\nreaper:\n{string.Join('\n', ReaperCalls.TakeLast(60))}");

    /// <summary>Calls the Service from another pod, one new connection after the other, until it is stopped; returns who answered.</summary>
    internal async Task<IReadOnlyList<string>> CallAsync(CancellationToken stop)
    {
        var answers = new List<string>();
        using var client = new HttpClient(new ServicePortForwardHandler(Engines.Client));
        while (!stop.IsCancellationRequested)
        {
            using var response = await client.GetAsync(new Uri("http://caller.callers:80/"), Cancelled);
            var body = await response.Content.ReadAsStringAsync(Cancelled);
            answers.Add(response.IsSuccessStatusCode ? body[(body.IndexOf("> ", StringComparison.Ordinal) + 2)..] : $"{(int)response.StatusCode} {body}");
        }

        return answers;
    }

    private async Task InterceptAsync(HttpContext context, RequestDelegate next)
    {
        var isReaper = context.Request.Headers.UserAgent.ToString().StartsWith("intercept-reaper/", StringComparison.Ordinal);
        if (isReaper)
        {
            Token = context.Request.Headers.Authorization.ToString();
        }

        var answered = Fault is { } fault && await fault(context, isReaper);
        if (!answered)
        {
            await next(context);
        }

        if (isReaper)
        {
            _calls.Enqueue(new ApiCall(context.Request.Method, context.Request.Path, context.Response.StatusCode, answered));
        }
    }
}

/// <summary>One call, and how it ended; whether a fault of the test answered it.</summary>
internal sealed record ApiCall(string Method, string Path, int Status, bool IsFault);
