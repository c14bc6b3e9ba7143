using Intercept.Testing.Recording;
using Intercept.Testing.Targets;

namespace Intercept.Testing.Tests.Fakes;

/// <summary>A target behind a recorder behind a tunnel's end.</summary>
internal sealed class TargetBench : IAsyncDisposable
{
    private readonly IRunningTarget _target;
    private readonly TunnelEnd _tunnel;

    private TargetBench(CallLog log, IRunningTarget target, TunnelEnd tunnel) => (Log, _target, _tunnel) = (log, target, tunnel);

    public CallLog Log { get; }

    public static async Task<TargetBench> StartAsync(InterceptTarget target, int maxBodyBytes = 1024 * 1024, int maxCalls = 1000)
    {
        var log = new CallLog(
            ServiceReference.Parse("shop/leaf"), HeaderRule.Parse("x-test:1"), maxCalls, maxBodyBytes, TimeProvider.System);
        var running = target.Start();
        return new TargetBench(log, running, await TunnelEnd.StartAsync(RequestPipeline.Create(log, running), TestContext.Current.CancellationToken));
    }

    public HttpClient CreateClient(Wire wire) => _tunnel.CreateClient(wire);

    public Uri Address(Wire wire) => _tunnel.Address(wire);

    public async Task<RecordedCall> CompletedCallAsync() =>
        (await Log.WaitAsync(1, completedOnly: true, predicate: null, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken))[0];

    public async ValueTask DisposeAsync()
    {
        await _tunnel.DisposeAsync();
        await _target.DisposeAsync();
    }
}
