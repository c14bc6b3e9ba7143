using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Intercept.Embedded.ApiServer.Access;
using Intercept.Simulation.Tests.Cluster;
using Intercept.Simulation.Tests.Scheduling;

namespace Intercept.Simulation.Tests.Network;

/// <summary>
/// The road from one process to the API server: everything above it is real (the engine's API client with its time-outs and
/// retries, KubernetesClient, HttpClient). The scheduler decides when a request arrives and when its answer does.
/// </summary>
internal sealed partial class SimulatedNetwork(World world, Actor actor, IFaults faults) : DelegatingHandler
{
    private int _requests;

    /// <summary>How many requests this process has sent.</summary>
    public int Requests => _requests;

    /// <summary>What the last Session that this process wrote can be found by.</summary>
    public string? Nonce { get; private set; }

    /// <summary>Who the process is to the API; null while its credentials are no good.</summary>
    public Func<Caller?> Identity { get; init; } = () => Caller.Administrator;

    /// <summary>Called with the number of a request that is about to be sent.</summary>
    public Action<int>? Sending { get; set; }

    /// <summary>Called with its number when the answer to a request is on its way, or will never come.</summary>
    public Action<int>? Decided { get; set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = ProcessTable.Stamp(actor, ApiRequest.From(request));
        var outcome = faults.Decide(++_requests, asked);
        Sending?.Invoke(_requests);
        if (outcome.Fate != Fate.Served)
        {
            world.Statistics.Add($"{(outcome.Status == 0 ? outcome.Fate : outcome.Status)}");
        }

        if (outcome.Fate == Fate.DiesBefore)
        {
            world.Trace.Note(actor.Name, $"dies before {asked}");
            actor.Kill();
        }

        if (GuardCheck.Find(asked) is { } missing)
        {
            world.Report("R2", $"{actor.Name} sent {missing}: {asked} {Encoding.UTF8.GetString(asked.Body)}");
        }

        if (asked.Method == "POST" && Wrote.Match(Encoding.UTF8.GetString(asked.Body)) is { Success: true } match)
        {
            Nonce = match.Groups[1].Value;
        }

        // No continuation may run inside the scheduler's own calls to Try…: all completions come from the queue.
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        var exchange = new Exchange(asked, outcome, answer);
        exchange.Cancellation = cancellationToken.Register(() => world.Scheduler.After(TimeSpan.Zero, actor, () =>
        {
            exchange.IsGivenUp = true;
            answer.TrySetCanceled(cancellationToken);
        }));
        var number = _requests;
        world.Scheduler.After(outcome.Fate == Fate.Late ? Seconds() : world.Scheduler.Latency(), null, () =>
        {
            Arrive(exchange);
            Decided?.Invoke(number);
        });
        return answer.Task;
    }

    private TimeSpan Seconds() => TimeSpan.FromMilliseconds(world.Scheduler.Chance.Next(300, 9000));

    private void Arrive(Exchange exchange)
    {
        var (request, outcome) = (exchange.Request, exchange.Outcome);
        // Who gave up has closed the connection; a server that has not begun by then drops the request.
        if ((exchange.IsGivenUp && outcome.Fate != Fate.Late) || outcome.Fate == Fate.DiesBefore)
        {
            return;
        }

        if (Identity() is not { } caller)
        {
            world.Trace.Served(actor.Name, request, outcome, (int)HttpStatusCode.Unauthorized);
            Answer(exchange, Refusal((int)HttpStatusCode.Unauthorized), world.Scheduler.Latency());
            return;
        }

        if (request.IsWatch && outcome.HasEffect)
        {
            outcome = outcome.Fate is Fate.Stale or Fate.Late ? Outcome.Served : outcome;
        }

        if (request.IsWatch && outcome.Fate == Fate.Served)
        {
            Answer(exchange, WatchResponse(request), world.Scheduler.Latency());
            return;
        }

        ApiAnswer? answer = null;
        if (outcome.HasEffect && !request.IsWatch)
        {
            answer = world.Serve(actor.Name, request, caller);
        }

        world.Trace.Served(actor.Name, request, outcome, answer?.Status ?? outcome.Status);
        switch (outcome.Fate)
        {
            case Fate.Served or Fate.Late:
                Answer(exchange, Response(answer!.Status, answer.ContentType, answer.Body), world.Scheduler.Latency());
                break;
            case Fate.Stale:
                Answer(exchange, Response(answer!.Status, answer.ContentType, answer.Body), Seconds());
                break;
            case Fate.RefusedBefore or Fate.RefusedAfter:
                Answer(exchange, Refusal(outcome.Status), world.Scheduler.Latency());
                break;
            case Fate.BrokenBefore or Fate.BrokenAfter:
                world.Scheduler.After(world.Scheduler.Latency(), actor, () =>
                    exchange.Answer.TrySetException(new HttpRequestException("The connection was reset (simulated).")));
                break;
            case Fate.DiesAfter:
                world.Trace.Note(actor.Name, "dies");
                actor.Kill();
                break;
        }
    }

    private void Answer(Exchange exchange, HttpResponseMessage response, TimeSpan after) =>
        world.Scheduler.After(after, actor, () =>
        {
            exchange.Cancellation.Dispose();
            exchange.Answer.TrySetResult(response);
        });

    private HttpResponseMessage WatchResponse(ApiRequest request)
    {
        world.Trace.Served(actor.Name, request, Outcome.Served, (int)HttpStatusCode.OK);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new WatchBody(world, actor, request)) };
    }

    private HttpResponseMessage Response(int status, string? contentType, byte[] body)
    {
        var content = new ByteArrayContent(world.Processes.Show(body));
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return new HttpResponseMessage((HttpStatusCode)status) { Content = content };
    }

    private HttpResponseMessage Refusal(int status) => Response(status, "application/json", Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"simulated","reason":"{{Reason(status)}}","code":{{status}}}""")));

    private static string Reason(int status) => status switch
    {
        401 => "Unauthorized",
        403 => "Forbidden",
        409 => "Conflict",
        410 => "Expired",
        422 => "Invalid",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => "InternalError",
    };

    [GeneratedRegex("""nonce(?:\\?"|\\u0022):(?:\\?"|\\u0022)([0-9a-f]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex Wrote { get; }

    private sealed class Exchange(ApiRequest request, Outcome outcome, TaskCompletionSource<HttpResponseMessage> answer)
    {
        public ApiRequest Request => request;

        public Outcome Outcome => outcome;

        public TaskCompletionSource<HttpResponseMessage> Answer => answer;

        public CancellationTokenRegistration Cancellation { get; set; }

        public bool IsGivenUp { get; set; }
    }
}
