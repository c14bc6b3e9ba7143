using System.Buffers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Intercept.Engine.Tests.Tunnels;

/// <summary>The same behaviour as original pod and as target: only the name on its answers tells them apart.</summary>
internal sealed class SampleApp
{
    /// <summary>On each answer: the app's name.</summary>
    public const string AnsweredBy = "x-answered-by";

    private readonly RequestDelegate _pipeline;
    private readonly string _name;
    private int _requests;

    public SampleApp(string name)
    {
        _name = name;
        var app = new ApplicationBuilder(new ServiceCollection().AddLogging().AddOptions().BuildServiceProvider());
        app.UseWebSockets();
        app.Run(HandleAsync);
        _pipeline = app.Build();
    }

    /// <summary>Lets what waits at <c>/gate…</c> go on.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a request at <c>/hang</c> was seen as cancelled.</summary>
    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a request has arrived.</summary>
    public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many requests came.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Answers one request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        context.Response.Headers[AnsweredBy] = _name;
        Arrived.TrySetResult();
        return _pipeline(context);
    }

    private Task HandleAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/headers" => WriteHeadersAsync(context),
        "/echo" => EchoAsync(context),
        "/hash" => HashAsync(context),
        "/bytes" => WriteBytesAsync(context, int.Parse(context.Request.Query["count"]!)),
        "/events" => WriteEventsAsync(context),
        "/gate" => Gate.Task,
        "/hang" => HangAsync(context),
        "/ws" => EchoWebSocketAsync(context),
        "/throw" => throw new InvalidOperationException("The handler failed on purpose."),
        "/abort" => AbortAsync(context),
        "/trailers" => WriteTrailersAsync(context),
        _ => context.Response.WriteAsync(
            $"{_name} {context.Request.Method} {context.Features.Get<IHttpRequestFeature>()!.RawTarget} {context.Request.Host} {context.Connection.RemoteIpAddress}"),
    };

    private static Task WriteHeadersAsync(HttpContext context) => context.Response.WriteAsync(
        string.Join('\n', context.Request.Headers.SelectMany(header => header.Value.Select(value => $"{header.Key.ToLowerInvariant()}: {value}"))));

    private static async Task EchoAsync(HttpContext context)
    {
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static async Task HashAsync(HttpContext context) =>
        await context.Response.WriteAsync(Convert.ToHexString(await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted)));

    private static async Task WriteBytesAsync(HttpContext context, int count)
    {
        var bytes = Bytes.Create(count);
        context.Response.ContentLength = count;
        for (var offset = 0; offset < count; offset += 64 * 1024)
        {
            await context.Response.BodyWriter.WriteAsync(bytes.AsMemory(offset, Math.Min(64 * 1024, count - offset)), context.RequestAborted);
        }
    }

    private async Task WriteEventsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Gate.Task;
        await context.Response.WriteAsync("data: first\n\n", context.RequestAborted);
    }

    private async Task HangAsync(HttpContext context)
    {
        await using var registration = context.RequestAborted.Register(() => Cancelled.TrySetResult());
        await Cancelled.Task;
    }

    private static Task AbortAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static async Task WriteTrailersAsync(HttpContext context)
    {
        context.Response.DeclareTrailer("x-trailer");
        await context.Response.WriteAsync("body", context.RequestAborted);
        context.Response.AppendTrailer("x-trailer", "end");
    }

    private static async Task EchoWebSocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        for (; ; )
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", context.RequestAborted);
                break;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }
}
