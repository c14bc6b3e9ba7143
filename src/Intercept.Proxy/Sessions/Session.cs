using Intercept.Proxy.Contract;
using Intercept.Proxy.Listening;
using Intercept.Proxy.Routing;

namespace Intercept.Proxy.Sessions;

/// <summary>One participant: what it claims, its routes, and its tunnel while there is one. Changed only by <see cref="SessionRegistry"/>.</summary>
internal sealed class Session(TunnelHello hello)
{
    private long _intercepted;
    private long _lost;
    private long _passedWhenLost;
    private volatile TaskCompletionSource<TunnelConnection?> _ready = NewPromise();

    /// <summary>Name of the Session object.</summary>
    public string Name => Hello.Session;

    /// <summary>The hello of the last attach.</summary>
    public TunnelHello Hello { get; set; } = hello;

    /// <summary>What an attach may show.</summary>
    public SessionToken Token { get; } = new(hello.Token);

    /// <summary>The attach that is on, ready or not.</summary>
    public Attachment? Attachment { get; set; }

    /// <summary>Ends the session when no re-attach comes in time.</summary>
    public ITimer? Expiry { get; set; }

    /// <summary>Whether it has left or expired.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Its rules that are on, by the test process's ids.</summary>
    public Dictionary<string, LiveRoute> Routes { get; } = new(StringComparer.Ordinal);

    /// <summary>Nonces whose probes the proxy answers, oldest first.</summary>
    public Queue<string> Nonces { get; } = new();

    /// <summary>Matched requests that are not answered yet.</summary>
    public InFlight Requests { get; } = new();

    /// <summary>The tunnel, waiting for it to come back at most this long; null where it did not, or the session is gone.</summary>
    public async Task<TunnelConnection?> GetTunnelAsync(TimeSpan hold, TimeProvider time, CancellationToken cancellationToken)
    {
        var ready = _ready.Task;
        if (ready.IsCompleted)
        {
            return await ready;
        }

        try
        {
            return await ready.WaitAsync(hold, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Requests may go into this tunnel from now on.</summary>
    public void SetTunnel(TunnelConnection tunnel) => _ready.TrySetResult(tunnel);

    /// <summary>Requests have to wait from now on.</summary>
    public void HoldRequests()
    {
        if (_ready.Task.IsCompleted && !IsOver)
        {
            _ready = NewPromise();
        }
    }

    /// <summary>As <see cref="HoldRequests()"/>, where they would go into this tunnel.</summary>
    public void HoldRequests(TunnelConnection tunnel)
    {
        if (_ready.Task is { IsCompletedSuccessfully: true } ready && ready.Result == tunnel)
        {
            HoldRequests();
        }
    }

    /// <summary>Requests find no tunnel here any more, and those that wait for one wait no longer.</summary>
    public void End()
    {
        HoldRequests();
        IsOver = true;
        _ready.TrySetResult(null);
    }

    /// <summary>A request was sent into the tunnel.</summary>
    public void CountIntercepted() => Interlocked.Increment(ref _intercepted);

    /// <summary>A request failed because the tunnel was lost.</summary>
    public void CountLost() => Interlocked.Increment(ref _lost);

    /// <summary>A request was answered by the original pods because the tunnel was lost.</summary>
    public void CountPassedWhenLost() => Interlocked.Increment(ref _passedWhenLost);

    /// <summary>The counters now.</summary>
    public SessionReport Report(int routes) => new(
        routes, Requests.Count, Interlocked.Read(ref _intercepted), Interlocked.Read(ref _lost), Interlocked.Read(ref _passedWhenLost));

    private static TaskCompletionSource<TunnelConnection?> NewPromise() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
