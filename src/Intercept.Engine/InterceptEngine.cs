using k8s;

namespace Intercept.Engine;

/// <summary>Opens intercepts on one cluster.</summary>
internal sealed class InterceptEngine(IKubernetes client, TimeProvider time)
{
    private readonly IKubernetes _client = client;
    private readonly TimeProvider _time = time;

    /// <summary>Opens an intercept, strictly in the order of docs/architecture.md; undoes what it did where a step fails.</summary>
    /// <exception cref="InterceptException">It could not be opened; the message tells why and what is left (normally nothing).</exception>
    public Task<Interception> OpenAsync(InterceptPlan plan, IProgress<InterceptStep>? progress, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{_client} {_time} {plan} {progress} {cancellationToken}");

    /// <summary>
    /// A handler whose connections are port-forwards to a ready pod behind the Service and port that the request's URI
    /// names as <c>http://name.namespace:port/</c>.
    /// </summary>
    public HttpMessageHandler CreateServiceHandler() => throw new NotSupportedException();
}
