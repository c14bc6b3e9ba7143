using Xunit;
#if XUNIT_V2
using Xunit.Abstractions;
#endif

namespace Intercept.Testing.Xunit;

/// <summary>
/// One cluster for several fixtures or test classes, as collection, class or (xunit v3) assembly fixture. It is connected by the
/// first test that needs it.
/// </summary>
public class InterceptClusterFixture : IAsyncLifetime
{
    private readonly Once<InterceptCluster> _cluster;
    private readonly FixtureOutput _output;

    /// <summary>A fixture that tells its steps to the test that waits for them.</summary>
    public InterceptClusterFixture()
#if XUNIT_V2
        : this(diagnostics: null)
#endif
    {
#if XUNIT_V3
        _output = new FixtureOutput();
        _cluster = new Once<InterceptCluster>(ConnectAsync);
#endif
    }

#if XUNIT_V2
    /// <summary>A fixture that tells its steps to the test that waits for them, otherwise as xunit's diagnostic messages.</summary>
    protected InterceptClusterFixture(IMessageSink? diagnostics)
    {
        _output = new FixtureOutput(diagnostics);
        _cluster = new Once<InterceptCluster>(ConnectAsync);
    }
#endif

    /// <summary>Which cluster. The default is what <c>INTERCEPT_CLUSTER</c> names, otherwise an embedded one.</summary>
    protected virtual InterceptClusterOptions CreateOptions() => new();

    /// <summary>The cluster; the first call connects to it.</summary>
    /// <param name="output">Gets the steps as lines. The default with xunit v3 is the current test's output.</param>
    /// <param name="cancellationToken">Ends the attempt. The default with xunit v3 is the current test's token.</param>
    /// <exception cref="InterceptException">The cluster can't be used.</exception>
    public async Task<InterceptCluster> GetClusterAsync(ITestOutputHelper? output = null, CancellationToken cancellationToken = default)
    {
        if (_cluster.ValueOrNull is { } cluster)
        {
            return cluster;
        }

        using var telling = _output.TellTo(CurrentTest.Output(output));
        return await _cluster.GetAsync(CurrentTest.Token(cancellationToken));
    }

#if XUNIT_V2
    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await EndAsync();
#else
    ValueTask IAsyncLifetime.InitializeAsync() => ValueTask.CompletedTask;

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await EndAsync();
        GC.SuppressFinalize(this);
    }
#endif

    private async Task EndAsync()
    {
        if (await _cluster.EndAsync() is { } cluster)
        {
            await cluster.DisposeAsync();
        }
    }

    private Task<InterceptCluster> ConnectAsync(CancellationToken cancellationToken)
    {
        var options = CreateOptions();
        return InterceptCluster.ConnectAsync(options with { Progress = options.Progress ?? _output }, cancellationToken);
    }
}
