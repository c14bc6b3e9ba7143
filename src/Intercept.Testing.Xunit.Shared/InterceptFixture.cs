using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;
#if XUNIT_V2
using Xunit.Abstractions;
#endif

namespace Intercept.Testing.Xunit;

/// <summary>
/// One intercept for many tests, as collection, class or (xunit v3) assembly fixture: the service under test runs in this process
/// and answers for its Service in the cluster; each test begins with a header value of its own. Cluster, application and
/// intercept are started by the first test that needs them, and end with the fixture.
/// </summary>
/// <typeparam name="TProgram">A type of the service under test's assembly, usually its <c>Program</c>.</typeparam>
public abstract class InterceptFixture<TProgram> : IAsyncLifetime
    where TProgram : class
{
    private readonly InterceptClusterFixture? _shared;
    private readonly FixtureOutput _output;
    private readonly Once<FixtureParts<TProgram>> _parts;

    /// <summary>A fixture with a cluster of its own.</summary>
    protected InterceptFixture()
        : this(cluster: null)
    {
    }

#if XUNIT_V2
    /// <summary>A fixture on a cluster that it shares with others; with a cluster of its own where null.</summary>
    protected InterceptFixture(InterceptClusterFixture? cluster)
        : this(cluster, diagnostics: null)
    {
    }

    /// <summary>A fixture that tells its steps as xunit's diagnostic messages where no test waits for them.</summary>
    protected InterceptFixture(InterceptClusterFixture? cluster, IMessageSink? diagnostics)
    {
        _output = new FixtureOutput(diagnostics);
#else
    /// <summary>A fixture on a cluster that it shares with others; with a cluster of its own where null.</summary>
    protected InterceptFixture(InterceptClusterFixture? cluster)
    {
        _output = new FixtureOutput();
#endif
        _shared = cluster;
        _parts = new Once<FixtureParts<TProgram>>(StartAsync);
    }

    /// <summary>Says what to intercept: at least <see cref="InterceptFixtureOptions.Service"/>.</summary>
    protected abstract void Configure(InterceptFixtureOptions options);

    /// <summary>Changes the service under test for all tests of this fixture, for example its services by <c>ConfigureTestServices</c>.</summary>
    protected virtual void ConfigureWebHost(IWebHostBuilder builder)
    {
    }

    /// <summary>
    /// A session for one test: a header value, a record of calls and, on request, fakes of its own. It is through the fixture's one
    /// intercept, so tests can run in parallel. Dispose it when the test ends.
    /// </summary>
    /// <param name="configure">Changes the service under test for this session only; it is then an application of its own. The default is the fixture's application.</param>
    /// <param name="output">Gets the steps as lines. The default with xunit v3 is the current test's output.</param>
    /// <param name="cancellationToken">Ends the attempt. The default with xunit v3 is the current test's token.</param>
    /// <exception cref="InterceptException">Cluster or intercept can't be had; later tests get the same failure at once.</exception>
    public async Task<InterceptSession> BeginTestAsync(
        Action<IWebHostBuilder>? configure = null, ITestOutputHelper? output = null, CancellationToken cancellationToken = default)
    {
        cancellationToken = CurrentTest.Token(cancellationToken);
        var parts = await GetPartsAsync(output, cancellationToken);
        return await parts.Session.BeginTestAsync(configure is null ? null : parts.CreateTarget(configure), cancellationToken);
    }

    /// <summary>A session for one test whose calls are answered by another target than the fixture's application.</summary>
    /// <exception cref="InterceptException">Cluster or intercept can't be had; later tests get the same failure at once.</exception>
    public async Task<InterceptSession> BeginTestAsync(InterceptTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        cancellationToken = CurrentTest.Token(cancellationToken);
        var parts = await GetPartsAsync(output: null, cancellationToken);
        return await parts.Session.BeginTestAsync(target, cancellationToken);
    }

    /// <summary>The fixture's own session, which all tests share; the first call opens it.</summary>
    /// <exception cref="InterceptException">Cluster or intercept can't be had; later calls get the same failure at once.</exception>
    public async Task<InterceptSession> GetSessionAsync(CancellationToken cancellationToken = default) =>
        (await GetPartsAsync(output: null, CurrentTest.Token(cancellationToken))).Session;

    /// <summary>The cluster; the first call connects to it and opens the intercept.</summary>
    /// <exception cref="InterceptException">Cluster or intercept can't be had; later calls get the same failure at once.</exception>
    public async Task<InterceptCluster> GetClusterAsync(CancellationToken cancellationToken = default) =>
        (await GetPartsAsync(output: null, CurrentTest.Token(cancellationToken))).Cluster;

    /// <summary>The service under test; the first call connects to the cluster and opens the intercept.</summary>
    /// <exception cref="InterceptException">Cluster or intercept can't be had; later calls get the same failure at once.</exception>
    public async Task<WebApplicationFactory<TProgram>> GetApplicationAsync(CancellationToken cancellationToken = default) =>
        (await GetPartsAsync(output: null, CurrentTest.Token(cancellationToken))).Application;

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

    /// <summary>Connects to the cluster where none is shared.</summary>
    internal virtual Task<InterceptCluster> ConnectAsync(InterceptClusterOptions options, CancellationToken cancellationToken) =>
        InterceptCluster.ConnectAsync(options, cancellationToken);

    private async Task EndAsync()
    {
        if (await _parts.EndAsync() is { } parts)
        {
            await parts.DisposeAsync();
        }
    }

    private async Task<FixtureParts<TProgram>> GetPartsAsync(ITestOutputHelper? output, CancellationToken cancellationToken)
    {
        if (_parts.ValueOrNull is { } parts)
        {
            return parts;
        }

        using var telling = _output.TellTo(CurrentTest.Output(output));
        return await _parts.GetAsync(cancellationToken);
    }

    private async Task<FixtureParts<TProgram>> StartAsync(CancellationToken cancellationToken)
    {
        var options = new InterceptFixtureOptions();
        Configure(options);
        if (string.IsNullOrWhiteSpace(options.Service))
        {
            throw new InterceptException(
                $"{GetType().Name} does not say what to intercept: set {nameof(InterceptFixtureOptions.Service)} in {nameof(Configure)}, for example options.Service = \"shop/leaf\".");
        }

        var intercept = options.Intercept with
        {
            Holder = options.Intercept.Holder ?? GetType().FullName,
            Progress = options.Intercept.Progress ?? _output,
        };
        var clusterOptions = options.Cluster with { Progress = options.Cluster.Progress ?? _output };
        return await FixtureParts<TProgram>.StartAsync(
            connect: token => _shared?.GetClusterAsync(cancellationToken: token) ?? ConnectAsync(clusterOptions, token),
            ownsCluster: _shared is null,
            ConfigureWebHost,
            options.Service,
            intercept,
            cancellationToken);
    }
}
