using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Intercept.Tests.Apps.Holder;

/// <summary>
/// Keeps the books about requests that bear a number: who was asked, how often, with what body. The original of a Service and the
/// application in the test process have one each.
/// </summary>
/// <param name="who">Whose books these are: every answer says so.</param>
internal sealed class Ledger(string who)
{
    public const string WhoHeader = "x-who";
    public const string CountHeader = "x-count";
    public const string HashHeader = "x-sha256";

    private readonly ConcurrentDictionary<long, int> _counts = new();
    private long _calls;

    /// <summary>How many requests bore a number.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Answers below <c>/ledger</c>.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/ledger", () => Calls.ToString(CultureInfo.InvariantCulture));
        app.MapGet("/ledger/get/{id:long}", (long id, HttpContext context) => Note(id, context));
        app.MapPost("/ledger/post/{id:long}", (long id, HttpContext context) =>
        {
            Note(id, context);
            return EchoAsync(context);
        });
        app.MapGet("/ledger/socket/{id:long}", async (long id, HttpContext context) =>
        {
            Note(id, context);
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await TalkAsync(socket, context.RequestAborted);
        });
    }

    private void Note(long id, HttpContext context)
    {
        Interlocked.Increment(ref _calls);
        var count = _counts.AddOrUpdate(id, 1, (_, count) => count + 1);
        context.Response.Headers[WhoHeader] = who;
        context.Response.Headers[CountHeader] = count.ToString(CultureInfo.InvariantCulture);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        var length = (int)context.Request.ContentLength!.Value;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await context.Request.Body.ReadExactlyAsync(buffer.AsMemory(0, length), context.RequestAborted);
            context.Response.Headers[HashHeader] = Convert.ToHexString(SHA256.HashData(buffer.AsSpan(0, length)));
            context.Response.ContentLength = length;
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, length), context.RequestAborted);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Answers each message with who answers and the message.</summary>
    private async Task TalkAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[256];
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellationToken) is { MessageType: not WebSocketMessageType.Close } received)
            {
                var answer = $"{who} {Encoding.UTF8.GetString(buffer, 0, received.Count)}";
                await socket.SendAsync(Encoding.UTF8.GetBytes(answer), WebSocketMessageType.Text, true, cancellationToken);
            }

            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The caller was cut off, and tells.
        }
    }
}
