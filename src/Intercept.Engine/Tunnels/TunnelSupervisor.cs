using System.Security.Cryptography;
using Intercept.Proxy.Contract;

namespace Intercept.Engine.Tunnels;

/// <summary>Keeps a tunnel attached: dials, notices the end of a connection, dials again.</summary>
internal sealed class TunnelSupervisor(
    TunnelOptions options, TunnelServer server, TunnelRoutes routes, Func<CancellationToken, Task<Stream>> dial, TimeProvider time) : IAsyncDisposable
{
    private const int MaxConnectionsPerCommand = 5;

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource<TunnelAttachment> _attached = NewPromise();
    private string _token = RandomNumberGenerator.GetHexString(TunnelHello.TokenLength, lowercase: true);
    private Task _supervision = Task.CompletedTask;

    /// <summary>Fails when re-attaching was given up, completes when the tunnel was closed.</summary>
    public Task Lost => _lost.Task;

    /// <summary>Whether there is a connection, as far as this end has noticed.</summary>
    public bool IsAttached => _attached.Task.IsCompletedSuccessfully;

    /// <summary>The last welcome.</summary>
    public WelcomeMessage? Welcome { get; private set; }

    /// <summary>Attaches for the first time.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var attachment = await AttachAsync(again: false, cancellationToken);
        _attached.SetResult(attachment);
        _supervision = SuperviseAsync(attachment);
    }

    /// <summary>Sends a command, over the next connection again where one breaks under it.</summary>
    public async Task<ControlReply> CallAsync(ControlCommand command, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var attachment = await _attached.Task.WaitAsync(cancellationToken);
            try
            {
                return await attachment.Control.SendAsync(command, cancellationToken);
            }
            catch (TunnelBrokenException exception) when (attempt == MaxConnectionsPerCommand)
            {
                throw new InterceptException(
                    $"{attempt} connections to the interceptor pod {Welcome?.Pod} broke, one after the other, under {command.GetType().Name}: {exception.Message} See the pod's log.",
                    exception);
            }
            catch (TunnelBrokenException)
            {
                await attachment.Retired.WaitAsync(cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _supervision;
        _lost.TrySetResult();
        _stop.Dispose();
    }

    private static TaskCompletionSource<TunnelAttachment> NewPromise() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task SuperviseAsync(TunnelAttachment first)
    {
        var attachment = first;
        while (attachment is not null)
        {
            await attachment.Control.Ended.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _attached = NewPromise();
            attachment.Retire();
            await attachment.CloseAsync();
            attachment = await ReattachAsync();
            if (attachment is not null)
            {
                _attached.SetResult(attachment);
            }
        }
    }

    private async Task<TunnelAttachment?> ReattachAsync()
    {
        var began = time.GetTimestamp();
        var delay = options.FirstRetryDelay;
        for (var attempt = 1; ; attempt++)
        {
            Exception failure;
            try
            {
                _stop.Token.ThrowIfCancellationRequested();
                return await AttachAsync(again: true, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                GiveUp(new InterceptException("The tunnel was closed."), isLoss: false);
                return null;
            }
            catch (InterceptException exception)
            {
                failure = exception;
            }

            var elapsed = time.GetElapsedTime(began);
            if (IsFinal(failure) || elapsed + delay > options.ReattachLimit)
            {
                GiveUp(Explain(failure, attempt, elapsed), isLoss: true);
                return null;
            }

            await Task.Delay(delay, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < options.LongestRetryDelay ? delay * 2 : options.LongestRetryDelay;
        }
    }

    private async Task<TunnelAttachment> AttachAsync(bool again, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.AttachTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await TunnelAttachment.OpenAsync(server, routes, CreateHello(again), dial, Take, stop.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InterceptException(
                $"Attaching to the proxy as session '{options.SessionName}' took longer than {options.AttachTimeout.TotalSeconds:0.#} s. "
                + $"Is the interceptor pod ready? A slow cluster needs a larger {nameof(InterceptTimeouts)}.{nameof(InterceptTimeouts.Tunnel)}.",
                exception);
        }
        // The dialler is somebody else's, and whatever it fails with is a failed attempt.
        catch (Exception exception) when (exception is not (InterceptException or OperationCanceledException))
        {
            throw new InterceptException(
                $"Attaching to the proxy as session '{options.SessionName}' failed: {exception.Message} Is the interceptor pod running, and may you create pods/portforward?",
                exception);
        }
    }

    private TunnelHello CreateHello(bool again) => new()
    {
        Contract = options.Contract,
        Session = options.SessionName,
        Uid = options.SessionUid,
        Token = _token,
        Claim = options.Claim.ToRouteRule(),
        TestClaim = options.TestClaim?.ToRouteRule(),
        Port = options.Port,
        PassWhenLost = options.WhenLost == WhenLost.PassThrough,
        TimeToLive = options.TimeToLive,
        PingTimeout = options.PingTimeout,
        Again = again,
    };

    private void Take(WelcomeMessage welcome)
    {
        _token = welcome.Token;
        Welcome = welcome;
    }

    private void GiveUp(InterceptException reason, bool isLoss)
    {
        if (isLoss)
        {
            _lost.TrySetException(reason);
        }

        _attached.TrySetException(reason);
        // Both may have nobody who waits; they are failures only for those who do.
        _ = _lost.Task.Exception;
        _ = _attached.Task.Exception;
    }

    /// <summary>No later attempt could go better.</summary>
    private static bool IsFinal(Exception failure) =>
        failure is TunnelRefusedException { Problem.Code: not (ProblemCodes.Attached or ProblemCodes.Limit or ProblemCodes.Failed) };

    private InterceptException Explain(Exception failure, int attempts, TimeSpan elapsed) => new(
        $"The tunnel of session '{options.SessionName}' to the interceptor pod {Welcome?.Pod} broke, and {attempts} attempts in {elapsed.TotalSeconds:0.#} s to attach again failed. "
        + $"Requests with its header are not answered by this test any more. The last attempt: {failure.Message}",
        failure);
}
