using Intercept.Engine.Api;
using Intercept.Engine.Journal;

namespace Intercept.Engine.Keeping;

/// <summary>
/// Shows the others that this participant lives: changes its Session's heartbeat six times in each time to live, from the
/// writing of the Session to its deletion. Each beat also shows whether somebody else has closed the participant.
/// </summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    private const int BeatsPerLife = 6;

    private readonly ServiceScope _scope;
    private readonly SessionResource _session;
    private readonly Loss _loss;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _beating;
    private bool _closing;

    public Heartbeat(ServiceScope scope, SessionResource session, Loss loss)
    {
        _scope = scope;
        _session = session;
        _loss = loss;
        _beating = RunAsync(TimeSpan.FromSeconds(session.Spec.TtlSeconds) / BeatsPerLife);
    }

    /// <summary>The participant's own process closes it: its Session may go. The heart beats on until that is done.</summary>
    public void BeginClosing() => Volatile.Write(ref _closing, true);

    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        await _beating;
        _stopping.Dispose();
    }

    private async Task RunAsync(TimeSpan interval)
    {
        try
        {
            while (true)
            {
                await BeatAsync();
                await Task.Delay(interval, _scope.Time, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task BeatAsync()
    {
        try
        {
            var live = await _scope.Journal.BeatAsync(_session, _stopping.Token);
            if (!Volatile.Read(ref _closing))
            {
                Judge(live);
            }
        }
        catch (ApiException)
        {
            // The API server was out of reach for longer than the retries last. The next beat tries again, and tells what others
            // made of the silence; the writes of the intercept itself report the outage to the user.
        }
    }

    private void Judge(SessionResource? live)
    {
        if (live is null)
        {
            _loss.Report(new InterceptLostException(
                $"Session {_session.Metadata.Name} of the intercept of {_scope.Service} was deleted by somebody else (kubectl, another run's sweep, or the "
                + "proxy's reaper after the heartbeat had stopped). Without it the others take the intercept for closed. Open a new one."));
        }
        else if (live.Status?.Phase == nameof(SessionPhase.Closing))
        {
            _loss.Report(InterceptLostException.Fenced(_scope.Service, _session.Metadata.Name));
        }
    }
}
