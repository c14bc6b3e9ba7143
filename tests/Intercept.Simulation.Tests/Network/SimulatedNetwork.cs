using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Intercept.Simulation.Tests.Cluster;
using Intercept.Simulation.Tests.Scheduling;

namespace Intercept.Simulation.Tests.Network;

/// <summary>
/// The road from one process to the API server: everything above it is real (the engine's API client with its time-outs and
/// retries, KubernetesClient, HttpClient). The scheduler decides when a request arrives and when its answer does.
/// </summary>
internal sealed class SimulatedNetwork(World world, Actor actor, IFaults faults) : DelegatingHandler
{
    private int _requests;

    /// <summary>How many requests this process has sent.</summary>
    public int Requests => _requests;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = ProcessTable.Stamp(actor, ApiRequest.From(request));
        var outcome = faults.Decide(++_requests, asked);
        if (outcome.Fate == Fate.DiesBefore)
        {
            world.Trace.Note(actor.Name, $"dies before {asked}");
            actor.Kill();
        }

        if (GuardCheck.Find(asked) is { } missing)
        {
            world.Report("R2", $"{actor.Name} sent {missing}: {asked} {Encoding.UTF8.GetString(asked.Body)}");
        }

        // No continuation may run inside the scheduler's own calls to Try…: all completions come from the queue.
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        var exchange = new Exchange(asked, outcome, answer);
        exchange.Cancellation = cancellationToken.Register(() => world.Scheduler.After(TimeSpan.Zero, actor, () =>
        {
            exchange.IsGivenUp = true;
            answer.TrySetCanceled(cancellationToken);
        }));
        world.Scheduler.After(world.Scheduler.Latency(), null, () => Arrive(exchange));
        return answer.Task;
    }

    private void Arrive(Exchange exchange)
    {
        var (request, outcome) = (exchange.Request, exchange.Outcome);
        // Who gave up has closed the connection; a server that has not begun by then drops the request.
        if (exchange.IsGivenUp || outcome.Fate == Fate.DiesBefore)
        {
            return;
        }

        if (request.IsWatch && outcome.Fate == Fate.Served)
        {
            Answer(exchange, WatchResponse(request));
            return;
        }

        ApiAnswer? answer = null;
        if (outcome.HasEffect && !request.IsWatch)
        {
            answer = world.Serve(actor.Name, request);
        }

        world.Trace.Served(actor.Name, request, outcome, answer?.Status ?? outcome.Status);
        switch (outcome.Fate)
        {
            case Fate.Served:
                Answer(exchange, Response(answer!.Status, answer.ContentType, answer.Body));
                break;
            case Fate.RefusedBefore or Fate.RefusedAfter:
                Answer(exchange, Refusal(outcome.Status));
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

    private void Answer(Exchange exchange, HttpResponseMessage response) =>
        world.Scheduler.After(world.Scheduler.Latency(), actor, () =>
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

    private sealed class Exchange(ApiRequest request, Outcome outcome, TaskCompletionSource<HttpResponseMessage> answer)
    {
        public ApiRequest Request => request;

        public Outcome Outcome => outcome;

        public TaskCompletionSource<HttpResponseMessage> Answer => answer;

        public CancellationTokenRegistration Cancellation { get; set; }

        public bool IsGivenUp { get; set; }
    }
}
