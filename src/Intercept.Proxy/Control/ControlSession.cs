using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Intercept.Proxy.Contract;
using Intercept.Proxy.Listening;
using Intercept.Proxy.Sessions;

namespace Intercept.Proxy.Control;

/// <summary>The control stream of a tunnel: one request that lasts as long as the tunnel, with messages in both bodies.</summary>
internal sealed class ControlSession(ControlCommands commands, ProxyState state, ILogger<ControlSession> logger)
{
    /// <summary>Path of the control request. What makes it one is <see cref="InterceptHeaders.Control"/>, which no caller can send.</summary>
    public const string Path = "/.intercept/control";

    private const int MaxCommandsAtOnce = 64;

    /// <summary>Serves the test process until it goes, however that happens.</summary>
    public async Task RunAsync(Attachment attachment, TunnelConnection tunnel, CancellationToken cancellationToken)
    {
        var replies = Channel.CreateUnbounded<ControlMessage>(new UnboundedChannelOptions { SingleReader = true });
        replies.Writer.TryWrite(new WelcomeMessage(state.Instance, state.Pod, ContractVersion.Current, attachment.NextToken));
        using var request = new HttpRequestMessage(HttpMethod.Post, TunnelConnection.Address + Path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ControlContent(replies.Reader),
        };
        request.Headers.TryAddWithoutValidation(InterceptHeaders.Control, "1");
        try
        {
            using var response = await tunnel.Client.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            await ServeAsync(attachment, tunnel, body, replies.Writer, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or JsonException or OperationCanceledException)
        {
            // The end of a tunnel, as its owner sees it: every way to get here is a loss, unless the session has left.
            if (!attachment.Session.IsOver)
            {
                ProxyLog.ControlEnded(logger, attachment.Session.Name, exception.Message);
            }
        }
        finally
        {
            replies.Writer.TryComplete();
        }
    }

    private async Task ServeAsync(
        Attachment attachment, TunnelConnection tunnel, Stream body, ChannelWriter<ControlMessage> replies, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task>();
        try
        {
            await foreach (var command in ControlLines.ReadAsync(body, ContractJson.ControlCommand, stop.Token))
            {
                running.RemoveAll(task => task.IsCompletedSuccessfully);
                if (running.Count >= MaxCommandsAtOnce)
                {
                    await Task.WhenAny(running);
                }

                running.Add(AnswerAsync(command, attachment, tunnel, replies, stop.Token));
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running);
        }
    }

    private async Task AnswerAsync(
        ControlCommand command, Attachment attachment, TunnelConnection tunnel, ChannelWriter<ControlMessage> replies, CancellationToken cancellationToken)
    {
        try
        {
            replies.TryWrite(await commands.ExecuteAsync(command, attachment, tunnel, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The tunnel has gone: nobody waits for the reply.
        }
        // Whatever a command fails with, who gave it must not wait for ever.
        catch (Exception exception)
        {
            ProxyLog.CommandFailed(logger, command.GetType().Name, exception);
            replies.TryWrite(new ControlReply(command.Id) { Problem = Refusals.Failed(exception) });
        }
    }
}
