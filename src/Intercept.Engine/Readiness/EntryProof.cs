using System.Net;
using Intercept.Engine.Journal;
using Intercept.Engine.Tunnels;
using k8s.Models;

namespace Intercept.Engine.Readiness;

/// <summary>
/// Proves the whole road: a marked request to the entry Service must come through every hop to this test process. It has a
/// header value of its own, so that no recorded call of a test is among the proofs.
/// </summary>
internal sealed class EntryProof(ServiceScope scope, SessionClaim claim, IProxyLink link, EntryPoint entry, HttpMessageHandler road)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private int _sent;
    private string _lastAnswer = "none";

    /// <summary>Sends marked requests until one arrives.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> RunAsync(CancellationToken cancellationToken)
    {
        var begun = scope.Time.GetTimestamp();
        var arrived = false;
        var rule = claim.CreateTestRule();
        await using var route = await link.AddRouteAsync(
            rule,
            context =>
            {
                arrived = true;
                context.Response.StatusCode = (int)HttpStatusCode.NoContent;
                return Task.CompletedTask;
            },
            cancellationToken);
        using var client = new HttpClient(road, disposeHandler: false) { BaseAddress = await FindAddressAsync(cancellationToken) };
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, entry.Path);
            request.Headers.TryAddWithoutValidation(rule.Name, rule.Value);
            _sent++;
            try
            {
                using var response = await client.SendAsync(request, cancellationToken);
                _lastAnswer = $"{(int)response.StatusCode}";
            }
            catch (HttpRequestException exception)
            {
                _lastAnswer = exception.Message;
            }

            if (Volatile.Read(ref arrived))
            {
                return scope.Time.GetElapsedTime(begun);
            }

            await Task.Delay(Pause, scope.Time, cancellationToken);
        }
    }

    /// <summary>The entry's first port, in the form that the engine's Service handler wants.</summary>
    private async Task<Uri> FindAddressAsync(CancellationToken cancellationToken)
    {
        var service = await scope.Api.FindAsync<V1Service>(entry.Service.Namespace, entry.Service.Name, cancellationToken)
            ?? throw new InterceptException($"The entry to prove the intercept through, Service {entry.Service}, does not exist.");
        return new Uri($"http://{entry.Service.Name}.{entry.Service.Namespace}:{service.Spec.Ports[0].Port}");
    }

    /// <summary>What was sent, and the two usual reasons for its not arriving.</summary>
    public string Describe() =>
        $"{_sent} request(s) GET {entry.Path} with header {claim.TestHeader} were sent; the last answer was {_lastAnswer}. "
        + "Either a service on the way does not copy the header to its outgoing calls (services.AddInterceptHeaderPropagation() does), "
        + "or it still uses a connection to the original pods that was open before the hijack (set PooledConnectionLifetime, or restart it).";
}
