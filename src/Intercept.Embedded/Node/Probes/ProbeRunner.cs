using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Intercept.Embedded.Network;
using k8s.Models;

namespace Intercept.Embedded.Node.Probes;

/// <summary>Carries out one probe as the kubelet does: from outside of the pod, at the pod's address.</summary>
/// <remarks>exec and grpc probes have no counterpart in this process: exec counts as passed, grpc as a TCP probe.</remarks>
internal sealed class ProbeRunner(ClusterNetwork network, IPAddress podIP) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = async (context, cancellationToken) => await DialAsync(network, podIP, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false),
    });

    /// <returns>Null where the probe passed, else what was found, in the kubelet's words.</returns>
    public async Task<string?> CheckAsync(V1Probe probe, V1Container container, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(Math.Max(1, probe.TimeoutSeconds ?? 1)));
        try
        {
            return probe switch
            {
                { HttpGet: { } get } => await GetAsync(get, container, limit.Token).ConfigureAwait(false),
                { TcpSocket.Port: { } port } => await ConnectAsync(Number(port, container), limit.Token).ConfigureAwait(false),
                { Grpc.Port: var port } => await ConnectAsync(port, limit.Token).ConfigureAwait(false),
                _ => null,
            };
        }
        catch (Exception e) when (e is IOException or SocketException or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return e is OperationCanceledException ? "context deadline exceeded" : e.Message;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string?> GetAsync(V1HTTPGetAction get, V1Container container, CancellationToken cancellationToken)
    {
        var path = string.IsNullOrEmpty(get.Path) ? "/" : get.Path;
        var uri = new Uri($"{(get.Scheme ?? "http").ToLowerInvariant()}://{podIP}:{Number(get.Port, container)}{(path.StartsWith('/') ? "" : "/")}{path}");
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.UserAgent.ParseAdd("kube-probe/1.34");
        foreach (var header in get.HttpHeaders ?? [])
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var status = (int)response.StatusCode;
        return status is >= 200 and < 400 ? null : $"HTTP probe failed with statuscode: {status}";
    }

    private async Task<string?> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        await using var connection = await DialAsync(network, podIP, port, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private static async ValueTask<Stream> DialAsync(ClusterNetwork network, IPAddress podIP, int port, CancellationToken cancellationToken)
    {
        var real = network.Find(podIP, port) ?? throw new IOException($"dial tcp {podIP}:{port}: connect: connection refused");
        var socket = await LoopbackSocket.ConnectAsync(real, cancellationToken).ConfigureAwait(false);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static int Number(IntOrString port, V1Container container) =>
        int.TryParse(port.Value, CultureInfo.InvariantCulture, out var number)
            ? number
            : container.Ports?.FirstOrDefault(named => named.Name == port.Value)?.ContainerPort
                ?? throw new IOException($"the container has no port named \"{port.Value}\"");
}
