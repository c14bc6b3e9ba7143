using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Intercept.Testing.Tests.Fakes;

/// <summary>An application that does with a request whatever a real service may do.</summary>
internal static class SampleApp
{
    public static void Map(IEndpointRouteBuilder app, SampleSignals signals)
    {
        app.MapGet("/hello", (HttpContext context) => $"hello {context.Request.Headers["x-name"]}");
        app.MapGet("/facts", (HttpContext context) => Results.Json(new Facts(
            context.Request.Protocol,
            context.Request.Host.Value!,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context.Connection.RemoteIpAddress?.ToString(),
            context.Request.Headers["x-many"].Count)));
        app.MapPost("/echo", async context =>
        {
            context.Response.ContentType = context.Request.ContentType;
            await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
        });
        app.MapPost("/echo-pipes", context => context.Request.BodyReader.CopyToAsync(context.Response.BodyWriter, context.RequestAborted));
        app.MapGet("/trailers", async context =>
        {
            context.Response.DeclareTrailer("x-after");
            await context.Response.WriteAsync("body");
            context.Response.AppendTrailer("x-after", "the end");
        });
        app.MapGet("/events", async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync(context.RequestAborted);
            while (await signals.Events.Reader.WaitToReadAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync($"data: {await signals.Events.Reader.ReadAsync(context.RequestAborted)}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });
        app.MapGet("/hang", async context =>
        {
            signals.Arrived.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
            finally
            {
                signals.Aborted.TrySetResult();
            }
        });
        app.MapGet("/abort", async context =>
        {
            await context.Response.WriteAsync("some");
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });
        app.MapGet("/throw", (HttpContext _) => throw new InvalidOperationException("the target's own trouble"));
        app.MapGet("/reset", async context =>
        {
            const int EnhanceYourCalm = 11;
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(EnhanceYourCalm);

            // The application goes on after it has reset the stream; the request must stay its own until it is done.
            await Task.Yield();
            signals.AfterReset.TrySetResult(context.Request.Path.Value!);
        });
        app.MapGet("/ws", async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[64 * 1024];
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
                if (received.MessageType == System.Net.WebSockets.WebSocketMessageType.Close)
                {
                    await socket.CloseAsync(received.CloseStatus!.Value, received.CloseStatusDescription, context.RequestAborted);
                    return;
                }

                await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
            }
        });
    }

    public sealed record Facts(string Protocol, string Host, string RawTarget, string? Remote, int Many);
}
