using Intercept.Testing.Clusters;
using Intercept.Testing.Residue;
using Intercept.Testing.Sessions;
using k8s;

namespace Intercept.Testing;

/// <summary>
/// A Kubernetes cluster to intercept Services of. It is dear and made to be shared: by the tests of a fixture, or of a whole
/// assembly. All members may be used from several threads.
/// </summary>
public sealed class InterceptCluster : IAsyncDisposable
{
    private readonly InterceptClusterOptions _options;
    private readonly IAsyncDisposable? _owned;
    private readonly ServiceClients _clients;
    private readonly IInterceptor _interceptor;
    private readonly SessionOpener _opener;
    private readonly ResidueCheck _residue;
    private int _disposed;

    internal InterceptCluster(string description, IKubernetes kubernetes, IInterceptor interceptor, InterceptClusterOptions options, IAsyncDisposable? owned)
    {
        (Description, Kubernetes, _interceptor, _options, _owned) = (description, kubernetes, interceptor, options, owned);
        _clients = new ServiceClients(kubernetes, interceptor);
        _opener = new SessionOpener(interceptor, _clients, options.TimeProvider);
        _residue = new ResidueCheck(interceptor, options.TimeProvider);
    }

    /// <summary>Which cluster this is, in one line.</summary>
    public string Description { get; }

    /// <summary>The cluster's API. It lives as long as this object.</summary>
    public IKubernetes Kubernetes { get; }

    /// <summary>Connects to the cluster that the options name, otherwise the environment variable <c>INTERCEPT_CLUSTER</c>, otherwise starts an embedded one.</summary>
    /// <exception cref="InterceptException">The cluster can't be used; the message tells what was found and what to try.</exception>
    public static Task<InterceptCluster> ConnectAsync(InterceptClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new InterceptClusterOptions();
        return ClusterConnector.ConnectAsync(
            ClusterChoice.Of(options, Environment.GetEnvironmentVariable), options, Environment.GetEnvironmentVariable, cancellationToken);
    }

    /// <summary>Connects to the cluster that the environment variable <c>INTERCEPT_CLUSTER</c> names, otherwise starts an embedded one.</summary>
    /// <exception cref="InterceptException">The cluster can't be used; the message tells what was found and what to try.</exception>
    public static Task<InterceptCluster> ConnectAsync(CancellationToken cancellationToken) => ConnectAsync(options: null, cancellationToken);

    /// <summary>Starts a Kubernetes in this process, whatever the environment says.</summary>
    public static Task<InterceptCluster> ConnectEmbeddedAsync(InterceptClusterOptions? options = null, CancellationToken cancellationToken = default) =>
        ConnectAsync((options ?? new InterceptClusterOptions()) with { Kind = InterceptClusterKind.Embedded }, cancellationToken);

    /// <summary>Connects to the cluster of a kubeconfig context, whatever the environment says.</summary>
    /// <param name="context">The context's name; the file's own <c>current-context</c> where null.</param>
    /// <param name="options">Further options; none where null.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="InterceptException">File, context or cluster can't be used; the message tells what was found and what to try.</exception>
    public static Task<InterceptCluster> FromKubeconfigAsync(
        string? context = null, InterceptClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new InterceptClusterOptions();
        return ConnectAsync(options with { Kind = InterceptClusterKind.Kubeconfig, Context = context ?? options.Context }, cancellationToken);
    }

    /// <summary>
    /// Puts an intercept in front of a Service. When this returns, requests that carry the session's header are proven to arrive at the
    /// target, and all others at the pods that they always went to. Where it fails or is cancelled, what was done is undone.
    /// </summary>
    /// <param name="service">The Service, as <c>namespace/name</c>.</param>
    /// <param name="target">What answers: a <c>TestServer</c>, an <see cref="HttpMessageHandler"/> or a <see cref="Uri"/>.</param>
    /// <param name="options">How the intercept shall be; the defaults where null.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ArgumentException">An option can't be; nothing was changed.</exception>
    /// <exception cref="FormatException">The text does not name a Service, or the header is none; nothing was changed.</exception>
    /// <exception cref="InterceptException">The intercept could not be opened; the message tells why and what is left, normally nothing.</exception>
    public async Task<InterceptSession> InterceptAsync(
        string service, InterceptTarget target, InterceptOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        var reference = ServiceReference.Parse(service);
        options ??= new InterceptOptions();
        options = options with { Progress = options.Progress ?? _options.Progress };
        return await _opener.OpenAsync(reference, target, options, cancellationToken);
    }

    /// <summary>
    /// A client of a Service in the cluster. Its connections are port-forwards to a ready pod behind that Service.
    /// The caller disposes it.
    /// </summary>
    /// <param name="service">The Service, as <c>namespace/name</c>.</param>
    /// <param name="port">The Service's port. The default is its first.</param>
    /// <exception cref="FormatException">The text does not name a Service.</exception>
    public HttpClient CreateClient(string service, int? port = null) => _clients.Create(service, port, stamp: null);

    /// <summary>What of intercepts is in the cluster: objects, Sessions, and Services that were written to. Nothing is changed.</summary>
    /// <param name="options">Where to look; the defaults where null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InterceptException">The cluster can't be read.</exception>
    public Task<ResidueReport> GetResidueAsync(ResidueOptions? options = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        return _residue.ReadAsync(options ?? new ResidueOptions(), cancellationToken);
    }

    /// <summary>Fails where intercepts have left anything in the cluster; the open sessions of this process don't count.</summary>
    /// <param name="options">Where to look; the defaults where null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InterceptException">Something is left: the message tells what, whose, how old, and how to undo it. Or the cluster can't be read.</exception>
    public async Task VerifyNoResidueAsync(ResidueOptions? options = null, CancellationToken cancellationToken = default)
    {
        var report = await WaitForNoResidueAsync(options, cancellationToken);
        if (!report.IsEmpty)
        {
            throw new InterceptException($"Intercepts have left something in {Description}:{Environment.NewLine}{report}");
        }
    }

    /// <summary>
    /// Closes what ended processes have left in the cluster: their Services lead back to the original pods, and what they consisted of
    /// goes. A holder of another machine whose heartbeat looks old is watched for its time to live first, usually 30 seconds.
    /// Every opening does this for its own Service, and connecting does it for the Sessions that it finds.
    /// </summary>
    /// <param name="options">What to close; the defaults where null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was closed.</returns>
    /// <exception cref="InterceptException">The cluster can't be read, or not everything could be closed; the message tells what is left.</exception>
    public Task<IReadOnlyList<SweptIntercept>> SweepAsync(SweepOptions? options = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        return _interceptor.SweepAsync(options ?? new SweepOptions(), _options.Progress, cancellationToken);
    }

    /// <summary>The residue once there is none, or once what is left does not go by itself.</summary>
    internal Task<ResidueReport> WaitForNoResidueAsync(ResidueOptions? options, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        return _residue.WaitAsync(options ?? new ResidueOptions(), cancellationToken);
    }

    /// <summary>Closes the sessions that are still open, then lets go of the cluster; an embedded one ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await Task.WhenAll(_opener.Open.Select(session => session.DisposeAsync().AsTask()));
        Kubernetes.Dispose();
        if (_owned is not null)
        {
            await _owned.DisposeAsync();
        }
    }
}
