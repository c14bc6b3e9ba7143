using Microsoft.AspNetCore.Http;

namespace Intercept.Simulation.Tests.Cluster;

/// <summary>A request as it comes over the wire.</summary>
internal sealed record ApiRequest(string Method, string Path, string Query, string Accept, string? ContentType, byte[] Body)
{
    /// <summary>Whether it changes something.</summary>
    public bool IsWrite => Method is not "GET";

    public bool IsWatch => Method == "GET" && Query.Contains("watch=true", StringComparison.Ordinal);

    public static ApiRequest From(HttpRequestMessage request)
    {
        var body = new MemoryStream();
        request.Content?.CopyTo(body, null, CancellationToken.None);
        return new ApiRequest(
            request.Method.Method,
            request.RequestUri!.AbsolutePath,
            request.RequestUri.Query,
            request.Headers.Accept.ToString(),
            request.Content?.Headers.ContentType?.ToString(),
            body.ToArray());
    }

    public DefaultHttpContext ToContext()
    {
        var context = new DefaultHttpContext();
        context.Request.Method = Method;
        context.Request.Path = Uri.UnescapeDataString(Path);
        context.Request.QueryString = new QueryString(Query);
        if (Accept.Length > 0)
        {
            context.Request.Headers.Accept = Accept;
        }

        if (ContentType is not null)
        {
            context.Request.ContentType = ContentType;
            context.Request.Body = new MemoryStream(Body);
        }

        return context;
    }

    public override string ToString() => $"{Method} {Path}{Query}";
}

/// <summary>The answer to it.</summary>
internal sealed record ApiAnswer(int Status, string? ContentType, byte[] Body);
