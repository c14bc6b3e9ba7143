using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace Intercept.Testing.Targets;

/// <summary>Requests and answers between Kestrel's form and <see cref="HttpClient"/>'s; bodies are streamed.</summary>
internal static class MessageConverter
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Fields that belong to one connection (RFC 9110, section 7.6.1), besides those that Connection names.</summary>
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade", "TE", "Trailer",
    };

    public static HttpRequestMessage ToMessage(HttpContext context)
    {
        var request = context.Request;
        var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(request.GetEncodedUrl()));
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? request.ContentLength > 0)
        {
            message.Content = new RequestBodyContent(request.Body, context.RequestAborted);
        }

        var named = request.Headers.GetCommaSeparatedValues("Connection");
        foreach (var (name, values) in request.Headers)
        {
            if (name.StartsWith(':') || HopByHop.Contains(name) || named.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        return message;
    }

    public static async Task CopyToAsync(HttpResponseMessage message, HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = (int)message.StatusCode;
        var named = message.Headers.Connection;
        foreach (var (name, values) in message.Headers.NonValidated.Concat(message.Content.Headers.NonValidated))
        {
            if (!HopByHop.Contains(name) && !named.Contains(name))
            {
                response.Headers.Append(name, values.ToArray());
            }
        }

        // Starting alone leaves the head in Kestrel's buffer until the first byte of the body.
        await response.Body.FlushAsync(context.RequestAborted);
        var body = await message.Content.ReadAsStreamAsync(context.RequestAborted);
        await StreamCopy.CopyAsync(body, response.Body, BufferSize, context.RequestAborted);
        if (response.SupportsTrailers())
        {
            foreach (var (name, values) in message.TrailingHeaders.NonValidated)
            {
                response.AppendTrailer(name, values.ToArray());
            }
        }
    }
}
