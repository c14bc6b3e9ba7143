using System.Net;
using k8s;
using k8s.Autorest;

namespace Intercept.Testing.Clusters;

/// <summary>
/// Puts the Service's first port into the URI of each request that names none. It is looked up with the first
/// request, because making a client does no I/O.
/// </summary>
internal sealed class FirstPortHandler(IKubernetes kubernetes, ServiceReference service, string host, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>For a <see cref="UriBuilder"/>: no port in the URI.</summary>
    public const int Unknown = -1;

    private int _port = Unknown;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { IsDefaultPort: true } uri && string.Equals(uri.Host, host, StringComparison.OrdinalIgnoreCase))
        {
            // Two first requests at once look it up twice, with the same result.
            if (Volatile.Read(ref _port) == Unknown)
            {
                Volatile.Write(ref _port, await ReadFirstPortAsync(cancellationToken));
            }

            request.RequestUri = new UriBuilder(uri) { Port = _port }.Uri;
        }

        return await base.SendAsync(request, cancellationToken);
    }

    private async Task<int> ReadFirstPortAsync(CancellationToken cancellationToken)
    {
        try
        {
            var found = await kubernetes.CoreV1.ReadNamespacedServiceAsync(service.Name, service.Namespace, cancellationToken: cancellationToken);
            return found.Spec?.Ports is [{ } first, ..]
                ? first.Port
                : throw new InterceptException($"Service {service} has no port to connect to. Name one: CreateClient(\"{service}\", port).");
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            throw new InterceptException(
                $"Can't connect to Service {service}: there is no such Service. {await ListServicesAsync(cancellationToken)}", e);
        }
    }

    private async Task<string> ListServicesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var services = await kubernetes.CoreV1.ListNamespacedServiceAsync(service.Namespace, cancellationToken: cancellationToken);
            return services.Items.Count == 0
                ? $"Namespace {service.Namespace} has none."
                : $"Namespace {service.Namespace} has: {string.Join(", ", services.Items.Select(item => item.Metadata.Name).Order())}.";
        }
        catch (HttpOperationException e)
        {
            return $"(Its Services can't be listed: {(int)e.Response.StatusCode}.)";
        }
    }
}
