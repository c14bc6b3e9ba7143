using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Intercept.Teardown.Tests.Kills;

namespace Intercept.Teardown.Tests.Loads;

/// <summary>Opens one WebSocket after the other through a Service, says something on each, and closes it: much sooner than a close waits for it.</summary>
/// <param name="world">Where the Service is.</param>
/// <param name="service">Its name.</param>
/// <param name="books">Keeps the books.</param>
/// <param name="mark">The header value of its requests; null where they are not marked.</param>
internal sealed class SocketCaller(KillWorld world, string service, LoadBooks books, string? mark)
{
    private const int MessagesEach = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Goes on until it is cancelled; the last WebSocket is still closed in good order.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var id = books.Next();
            try
            {
                await TalkAsync(id);
            }
            catch (Exception exception) when (exception is WebSocketException or HttpRequestException or IOException)
            {
                books.Lose(id, $"the WebSocket failed: {exception.Message} {exception.InnerException?.Message}");
            }
        }
    }

    private async Task TalkAsync(long id)
    {
        var connection = new LoadConnection(books.Phase);
        using var socket = await ConnectAsync(world, service, id, mark);
        var expected = connection.Answered(books.Phase);
        string? who = null;
        for (var number = 0; number < MessagesEach; number++)
        {
            who = await AskAsync(socket, string.Create(CultureInfo.InvariantCulture, $"{id}-{number}"));
            await Task.Delay(Pause, CancellationToken.None);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        books.Judge(id, who!, mark is null ? Expected.Original : expected);
        books.CountSocket(MessagesEach);
    }

    /// <summary>Opens a WebSocket.</summary>
    internal static async Task<ClientWebSocket> ConnectAsync(KillWorld world, string service, long id, string? mark)
    {
        var socket = new ClientWebSocket();
        if (mark is not null)
        {
            socket.Options.SetRequestHeader(HeaderRule.DefaultName, mark);
        }

        var address = new UriBuilder(new Uri(KillWorld.Address(service), string.Create(CultureInfo.InvariantCulture, $"ledger/socket/{id}"))) { Scheme = "ws" };
        using var client = new HttpMessageInvoker(world.CreateCallerHandler(service, Timeout.InfiniteTimeSpan, () => { }));
        await socket.ConnectAsync(address.Uri, client, CancellationToken.None);
        return socket;
    }

    /// <summary>Sends a message, and checks that it comes back.</summary>
    /// <returns>Who sent it back.</returns>
    internal static async Task<string> AskAsync(WebSocket socket, string message)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None);
        var buffer = new byte[256];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
        var words = Encoding.UTF8.GetString(buffer, 0, received.Count).Split(' ');
        return words.Length == 2 && words[1] == message
            ? words[0]
            : throw new WebSocketException($"'{message}' was answered with '{string.Join(' ', words)}', {received.MessageType}");
    }
}
