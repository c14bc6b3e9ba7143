using Intercept.Testing.Targets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Intercept.Testing.Xunit;

/// <summary>What a started fixture holds. It ends in the reverse order, and a start that fails half way ends what it had.</summary>
internal sealed class FixtureParts<TProgram> : IAsyncDisposable
    where TProgram : class
{
    private readonly WebApplicationFactory<TProgram> _root;
    private readonly bool _ownsCluster;

    private FixtureParts(
        InterceptCluster cluster, bool ownsCluster, WebApplicationFactory<TProgram> root, WebApplicationFactory<TProgram> application, InterceptSession session)
    {
        (Cluster, _ownsCluster, _root, Application, Session) = (cluster, ownsCluster, root, application, session);
    }

    public InterceptCluster Cluster { get; }

    public WebApplicationFactory<TProgram> Application { get; }

    public InterceptSession Session { get; }

    // xunit disposes no fixture that failed to start: nobody but this method can end what it has begun.
    public static async Task<FixtureParts<TProgram>> StartAsync(
        Func<CancellationToken, Task<InterceptCluster>> connect,
        bool ownsCluster,
        Action<IWebHostBuilder> configure,
        string service,
        InterceptOptions options,
        CancellationToken cancellationToken)
    {
        var root = new WebApplicationFactory<TProgram>();
        InterceptCluster? cluster = null;
        try
        {
            var application = root.WithWebHostBuilder(configure);
            cluster = await connect(cancellationToken);
            var session = await cluster.InterceptAsync(service, application.Server, options, cancellationToken);
            return new FixtureParts<TProgram>(cluster, ownsCluster, root, application, session);
        }
        catch
        {
            if (ownsCluster && cluster is not null)
            {
                await cluster.DisposeAsync();
            }

            await root.DisposeAsync();
            throw;
        }
    }

    /// <summary>The application once more, changed, for one test; it ends with the test's session.</summary>
    public InterceptTarget CreateTarget(Action<IWebHostBuilder> configure)
    {
        var changed = Application.WithWebHostBuilder(configure);
        return new TestServerTarget(changed.Server, changed);
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await _root.DisposeAsync();
        if (_ownsCluster)
        {
            await Cluster.DisposeAsync();
        }
    }
}
