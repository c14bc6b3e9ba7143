using System.Net;
using System.Text;

namespace Intercept.Engine.Tests.Worlds;

/// <summary>Answers as an API server does whose caller has no right on definitions of custom resources.</summary>
internal sealed class ForbiddenDefinitions : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.RequestUri!.AbsolutePath.Contains("/customresourcedefinitions", StringComparison.Ordinal)
            ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.Forbidden)
            {
                Content = new StringContent("""{"kind":"Status","reason":"Forbidden","message":"no"}""", Encoding.UTF8, "application/json"),
            })
            : base.SendAsync(request, cancellationToken);
}
