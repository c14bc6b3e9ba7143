using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Intercept.Embedded.Faults.Kinds;

/// <summary>Lets the server answer, and keeps the answer's body back; status and headers stand in the response, unsent.</summary>
internal static class WithheldAnswer
{
    public static async Task<ReadOnlyMemory<byte>> ProduceAsync(HttpContext context, RequestDelegate next)
    {
        var real = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var body = new MemoryStream();
        var kept = new StreamResponseBodyFeature(body);
        context.Features.Set<IHttpResponseBodyFeature>(kept);
        try
        {
            await next(context);
            await kept.CompleteAsync();
        }
        finally
        {
            context.Features.Set(real);
        }

        return body.ToArray();
    }
}
