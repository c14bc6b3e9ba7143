using System.Collections.Concurrent;
using Intercept.Teardown.Tests.Kills;

namespace Intercept.Teardown.Tests.Rounds;

/// <summary>
/// Requests of one participant's header value through the Service, from its joining to its leaving: on a connection that is
/// kept, and on a new one each, in turn. Each must be answered by the participant.
/// </summary>
internal sealed class ParticipantProbe : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient _kept;
    private readonly HttpClient _fresh;
    private readonly string _name;
    private readonly string _value;
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _running;
    private TaskCompletionSource _next = NewSignal();
    private int _answers;

    public ParticipantProbe(KillWorld world, string service, string name, string value)
    {
        _kept = world.CreateCaller(service, Timeout.InfiniteTimeSpan);
        _fresh = world.CreateCaller(service, TimeSpan.Zero);
        _name = name;
        _value = value;
        _running = RunAsync();
    }

    /// <summary>How many requests it has answered.</summary>
    public int Answers => _answers;

    /// <summary>What it has not answered.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Waits until two requests that begin from now on have had their answers, one on each kind of connection.</summary>
    public async Task WaitForAnswersAsync()
    {
        // The first of three may have begun before.
        for (var count = 0; count < 3; count++)
        {
            await Volatile.Read(ref _next).Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends after the request that is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _running;
        _ended.Dispose();
        _kept.Dispose();
        _fresh.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync()
    {
        for (var number = 0; !_ended.IsCancellationRequested; number++)
        {
            await AskAsync(number % 2 == 0 ? _kept : _fresh);
            Interlocked.Exchange(ref _next, NewSignal()).SetResult();
            await Task.Delay(Pause, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AskAsync(HttpClient client)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "who");
            request.Headers.TryAddWithoutValidation(HeaderRule.DefaultName, _value);
            using var response = await client.SendAsync(request, CancellationToken.None);
            var body = await response.Content.ReadAsStringAsync(CancellationToken.None);
            if (response.IsSuccessStatusCode && body == _name)
            {
                Interlocked.Increment(ref _answers);
            }
            else
            {
                _failures.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff} {_name} was not asked: {(int)response.StatusCode} {body}");
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            _failures.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff} {_name} was not reached: {exception.Message} {exception.InnerException?.Message}");
        }
    }
}
