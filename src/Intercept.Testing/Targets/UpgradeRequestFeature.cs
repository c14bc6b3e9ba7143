using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Intercept.Testing.Targets;

/// <summary>The head of an extended CONNECT as that of the HTTP/1.1 request for which it stands.</summary>
internal sealed class UpgradeRequestFeature : IHttpRequestFeature
{
    private const int KeyLength = 16;

    public UpgradeRequestFeature(IHttpRequestFeature connect)
    {
        (Scheme, PathBase, Path, QueryString, RawTarget) = (connect.Scheme, connect.PathBase, connect.Path, connect.QueryString, connect.RawTarget);
        Body = connect.Body;
        foreach (var (name, values) in connect.Headers)
        {
            if (!name.StartsWith(':'))
            {
                Headers[name] = values;
            }
        }

        Headers.Connection = "Upgrade";
        Headers.Upgrade = "websocket";

        // HTTP/2 needs no key, so none was sent; an HTTP/1.1 application asks for one.
        Headers.SecWebSocketKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLength));
    }

    public string Protocol { get; set; } = "HTTP/1.1";

    public string Method { get; set; } = "GET";

    public string Scheme { get; set; }

    public string PathBase { get; set; }

    public string Path { get; set; }

    public string QueryString { get; set; }

    public string RawTarget { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public Stream Body { get; set; }
}
