using System.Net;
using System.Text;

namespace Intercept.Engine.Tests.Worlds;

/// <summary>Answers some requests as an API server does whose caller lacks the right.</summary>
internal sealed class LimitedAccount(Func<HttpRequestMessage, bool> isForbidden) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        isForbidden(request)
            ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.Forbidden)
            {
                Content = new StringContent("""{"kind":"Status","reason":"Forbidden","message":"not allowed by the test"}""", Encoding.UTF8, "application/json"),
            })
            : base.SendAsync(request, cancellationToken);
}
