using System.Diagnostics;
using System.Net;
using Intercept.Proxy.Configuration;
using Intercept.Proxy.Contract;
using Intercept.Proxy.Listening;
using Intercept.Proxy.Tcp;
using Microsoft.AspNetCore.Connections;

namespace Intercept.Proxy.Probing;

/// <summary>Connects to the original pods without sending them anything.</summary>
internal sealed class DecoyProber(ProxyState state, DecoyDialer dialer, TimeProvider time) : IDisposable
{
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        // HTTP ports are dialled in the same way as for requests, then let go before the first byte.
        PlaintextStreamFilter = static (_, _) => ValueTask.FromException<Stream>(new ConnectedException()),
        UseProxy = false,
    });

    /// <summary>One report for each data port, all dialled at once.</summary>
    public async Task<IReadOnlyList<DecoyPortReport>> ProbeAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        await Task.WhenAll(state.Configuration.Ports.Select(port => ProbeAsync(port, timeout, cancellationToken)));

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<DecoyPortReport> ProbeAsync(ProxyPort port, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        using var late = new CancellationTokenSource(timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        string? error = null;
        try
        {
            await (port.Protocol == PortProtocol.Tcp ? ConnectAsync(port, stop.Token) : ConnectHttpAsync(port, stop.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            error = $"no connection within {timeout.TotalSeconds:0.#} s";
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            error = exception.Message;
        }

        return new DecoyPortReport(
            port.Name, $"{state.Configuration.DecoyHost}:{port.DecoyPort}", error, time.GetElapsedTime(began).TotalMilliseconds);
    }

    private async Task ConnectAsync(ProxyPort port, CancellationToken cancellationToken)
    {
        await using ConnectionContext connection = await dialer.DialAsync(port, cancellationToken);
    }

    private async Task ConnectHttpAsync(ProxyPort port, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new UriBuilder("http", state.Configuration.DecoyHost, port.DecoyPort, "/").Uri)
        {
            Version = port.Protocol == PortProtocol.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        try
        {
            using var response = await _client.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.InnerException is ConnectedException)
        {
            // That far and no further.
        }
    }

    private sealed class ConnectedException() : IOException("Connected.");
}
