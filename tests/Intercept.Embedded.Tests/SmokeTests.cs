using Intercept.Embedded.Manifests;
using Intercept.Embedded.Node;
using Intercept.Tests.Apps.Hop;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Tests;

public sealed class SmokeTests
{
    [Fact]
    public async Task Three_programs_call_each_other()
    {
        var ct = TestContext.Current.CancellationToken;
        var api = new FakeApi();
        var pods = new PodTable();
        var options = new EmbeddedClusterOptions { ServiceSyncLag = TimeSpan.Zero };
        options.Images.Add<Readiness>("hop");
        using var loggers = LoggerFactory.Create(b => b.AddProvider(new Files()).SetMinimumLevel(LogLevel.Debug));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await using var runtime = new ClusterRuntime(api, pods, options, loggers.CreateLogger("x"));
        runtime.Start();
        foreach (var (name, next) in new[] { ("a", "http://b:3000/"), ("b", "http://c.shop.svc.cluster.local/"), ("c", null) })
        {
            api.Create(new V1Service { Metadata = new() { Name = name, NamespaceProperty = "shop" }, Spec = new() { Selector = new Dictionary<string, string> { ["app"] = name }, Ports = [new() { Port = name == "b" ? 3000 : 80, TargetPort = 8080 }] } });
            api.Create(new V1Deployment
            {
                Metadata = new() { Name = name, NamespaceProperty = "shop" },
                Spec = new() { Replicas = 1, Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = name } }, Template = new() { Metadata = new() { Labels = new Dictionary<string, string> { ["app"] = name } }, Spec = new() { Containers = [new() { Name = "main", Image = "hop", Env = next is null ? null : [new() { Name = "NEXT", Value = next }] }] } } },
            });
        }
        var report = new ReadinessReport(api, pods);
        while (report.NotReady("shop").Count > 0)
        {
            await Task.Delay(10, ct);
            if (watch.ElapsedMilliseconds > 8000) Assert.Fail(report.Describe("shop", watch.Elapsed) + string.Join("\n", api.List<Corev1Event>().Select(e => e.Message)));
        }
        TestContext.Current.SendDiagnosticMessage("ready " + watch.ElapsedMilliseconds);
        var pod = api.List<V1Pod>("shop").First(p => p.Metadata.Name.StartsWith("a-"));
        using var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = async (c, t) => await new NodeGateway(pods).DialPodAsync("shop", pod.Metadata.Name, 8080, t) });
        Assert.Contains("> c-", await http.GetStringAsync("http://a/", ct));
    }
}
sealed class Files : ILoggerProvider, ILogger { public ILogger CreateLogger(string c) => this; public void Dispose() {} public IDisposable? BeginScope<T>(T s) where T : notnull => null; public bool IsEnabled(LogLevel l) => true;
 public void Log<T>(LogLevel l, EventId e, T s, Exception? x, Func<T, Exception?, string> f) { lock (this) File.AppendAllText("/tmp/node.log", f(s, x) + " " + x + "\n"); } }
