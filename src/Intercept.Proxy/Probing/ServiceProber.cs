using System.Diagnostics;
using System.Net;
using Intercept.Proxy.Contract;
using Intercept.Proxy.Listening;

namespace Intercept.Proxy.Probing;

/// <summary>Asks through a Service who is behind it, on a new connection each time: the only ones that a switch moves.</summary>
internal sealed class ServiceProber(ProxyState state, TimeProvider time) : IDisposable
{
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        UseCookies = false,
        UseProxy = false,
    });

    /// <summary>All probes of the command, one after the other.</summary>
    public async Task<IReadOnlyList<ServiceProbeReport>> ProbeAsync(ProbeServiceCommand command, CancellationToken cancellationToken)
    {
        var reports = new List<ServiceProbeReport>(command.Count);
        for (var index = 0; index < command.Count; index++)
        {
            var began = time.GetTimestamp();
            var (answer, detail) = await ProbeOnceAsync(command, cancellationToken);
            reports.Add(new ServiceProbeReport(answer, detail, time.GetElapsedTime(began).TotalMilliseconds));
        }

        return reports;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<(ProbeAnswer Answer, string Detail)> ProbeOnceAsync(ProbeServiceCommand command, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(Math.Max(1, command.TimeoutMilliseconds)), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder("http", command.Host, command.Port, ProbePath.Value).Uri)
            {
                Version = command.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            request.Headers.TryAddWithoutValidation(InterceptHeaders.Probe, command.Nonce);
            using var response = await _client.SendAsync(request, stop.Token);
            return Judge(response, command.Nonce);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (ProbeAnswer.Nothing, $"no answer within {command.TimeoutMilliseconds} ms");
        }
        catch (Exception exception) when (exception is HttpRequestException or UriFormatException)
        {
            return (ProbeAnswer.Nothing, exception.Message);
        }
    }

    private (ProbeAnswer Answer, string Detail) Judge(HttpResponseMessage response, string nonce)
    {
        var servedBy = One(response, InterceptHeaders.ServedBy);
        if (servedBy is null)
        {
            return (ProbeAnswer.NotAProxy, $"status {(int)response.StatusCode}");
        }

        var isMine = One(response, InterceptHeaders.Probe) == nonce && One(response, InterceptHeaders.Instance) == state.Instance;
        return (isMine ? ProbeAnswer.Me : ProbeAnswer.OtherProxy, servedBy);
    }

    private static string? One(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) && values.Count == 1 ? values.ToString() : null;
}
