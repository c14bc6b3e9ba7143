using System.Net;
using Intercept.Testing;

namespace Intercept.Tests.Apps.Holder;

/// <summary>One participant of a crew: answers marked requests with its name.</summary>
internal sealed class CrewMember : IAsyncDisposable
{
    private readonly string _name;
    private readonly string _service;
    private readonly InterceptCluster _cluster;
    private readonly Target _target;
    private InterceptSession? _session;

    private CrewMember(string name, string service, InterceptCluster cluster) =>
        (_name, _service, _cluster, _target) = (name, service, cluster, new Target(name));

    public static async Task<CrewMember> ConnectAsync(string name, string kubeconfig, string service) => new(
        name, service, await InterceptCluster.FromKubeconfigAsync(options: new InterceptClusterOptions { KubeconfigFile = kubeconfig }));

    /// <summary>Does what an order says, and says that it is done or what went wrong.</summary>
    public async Task ObeyAsync(string[] words)
    {
        try
        {
            await (words[0] == Crew.Join ? JoinAsync(words[2]) : LeaveAsync());
            Console.WriteLine($"{Crew.Done} {_name}");
        }
        catch (Exception exception)
        {
            Complain(exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _target.Dispose();
    }

    private async Task JoinAsync(string value)
    {
        _session = await _cluster.InterceptAsync(_service, _target, new InterceptOptions { Header = $"{HeaderRule.DefaultName}:{value}" });
        _ = WatchAsync(_session);
    }

    private async Task LeaveAsync()
    {
        await _session!.CloseAsync();
        await _session.DisposeAsync();
    }

    private async Task WatchAsync(InterceptSession session)
    {
        try
        {
            await session.Lost;
        }
        catch (InterceptException exception)
        {
            Complain(exception);
        }
    }

    private void Complain(Exception exception) => Console.WriteLine($"{Crew.Failed} {_name} {exception.ToString().ReplaceLineEndings(" | ")}");

    private sealed class Target(string name) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(name) });
    }
}
