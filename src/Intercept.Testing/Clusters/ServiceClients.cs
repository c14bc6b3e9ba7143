using Intercept.Testing.Sessions;
using k8s;

namespace Intercept.Testing.Clusters;

/// <summary>Makes clients of Services in the cluster.</summary>
internal sealed class ServiceClients(IKubernetes kubernetes, IInterceptor interceptor)
{
    public HttpClient Create(string service, int? port, HeaderRule? stamp)
    {
        var reference = ServiceReference.Parse(service);
        var host = $"{reference.Name}.{reference.Namespace}";
        var handler = interceptor.CreateServiceHandler();
        if (port is null)
        {
            handler = new FirstPortHandler(kubernetes, reference, host, handler);
        }

        return new HttpClient(stamp is null ? handler : new HeaderStampingHandler(stamp, handler))
        {
            BaseAddress = new UriBuilder(Uri.UriSchemeHttp, host, port ?? FirstPortHandler.Unknown).Uri,
        };
    }
}
