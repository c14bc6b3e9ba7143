using System.Net;
using System.Text;

namespace Intercept.Engine.Tests.Worlds;

/// <summary>Answers as an API server does whose caller has rights in namespaces only.</summary>
internal sealed class NamespacedAccount : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.RequestUri!.AbsolutePath.Contains("/namespaces/", StringComparison.Ordinal)
            ? base.SendAsync(request, cancellationToken)
            : Task.FromResult(new HttpResponseMessage(HttpStatusCode.Forbidden)
            {
                Content = new StringContent("""{"kind":"Status","reason":"Forbidden","message":"no"}""", Encoding.UTF8, "application/json"),
            });
}
