using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Intercept.Proxy.Contract;
using Intercept.Proxy.Control;
using Microsoft.AspNetCore.Http;

namespace Intercept.Engine.Tunnels;

/// <summary>The test process's end of the control stream of one attach. A feature of the attach's connection.</summary>
internal sealed class ControlChannel
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<ControlReply>> _waiting = new();
    private readonly Channel<byte[]> _commands = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource<WelcomeMessage> _welcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Exception? _failure;
    private int _lastId;

    /// <summary>The proxy's first message; fails where the stream ends before.</summary>
    public Task<WelcomeMessage> Welcome => _welcome.Task;

    /// <summary>Completes when the stream, and with it the tunnel, has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Serves the proxy's control request until it ends.</summary>
    public async Task RunAsync(HttpContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var writing = WriteAsync(context.Response, stop.Token);
        try
        {
            await foreach (var message in ControlLines.ReadAsync(context.Request.Body, ContractJson.ControlMessage, stop.Token))
            {
                Take(message);
            }
        }
        catch (Exception exception) when (exception is IOException or JsonException or OperationCanceledException)
        {
            // How a stream ends when its connection breaks; everybody who waits gets it as the cause.
            _failure = exception;
        }
        finally
        {
            End();
            await stop.CancelAsync();
            await writing;
        }
    }

    /// <summary>The connection has ended, or will not be used any more.</summary>
    public void End()
    {
        _commands.Writer.TryComplete();
        _ended.TrySetResult();
        _welcome.TrySetException(new TunnelBrokenException(_failure));
        // Nobody may be waiting for a welcome any more, and then nobody looks at its failure.
        _ = _welcome.Task.Exception;
        foreach (var (id, _) in _waiting)
        {
            if (_waiting.TryRemove(id, out var waiting))
            {
                waiting.TrySetException(new TunnelBrokenException(_failure));
            }
        }
    }

    /// <summary>Sends a command and waits for its reply.</summary>
    /// <exception cref="TunnelBrokenException">The tunnel broke; the command may or may not have been done.</exception>
    /// <exception cref="TunnelRefusedException">The proxy did not do it.</exception>
    public async Task<ControlReply> SendAsync(ControlCommand command, CancellationToken cancellationToken)
    {
        command.Id = Interlocked.Increment(ref _lastId);
        var reply = new TaskCompletionSource<ControlReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[command.Id] = reply;
        try
        {
            if (!_commands.Writer.TryWrite(ControlLines.Write(command, ContractJson.ControlCommand)))
            {
                throw new TunnelBrokenException(_failure);
            }

            var answer = await reply.Task.WaitAsync(cancellationToken);
            return answer.Problem is null ? answer : throw new TunnelRefusedException(answer.Problem);
        }
        finally
        {
            _waiting.TryRemove(command.Id, out _);
        }
    }

    private void Take(ControlMessage message)
    {
        switch (message)
        {
            case WelcomeMessage welcome:
                _welcome.TrySetResult(welcome);
                break;
            case ControlReply reply when _waiting.TryRemove(reply.Id, out var waiting):
                waiting.TrySetResult(reply);
                break;
            default:
                // The reply to a command that nobody waits for any more.
                break;
        }
    }

    private async Task WriteAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        try
        {
            await response.StartAsync(cancellationToken);
            await foreach (var line in _commands.Reader.ReadAllAsync(cancellationToken))
            {
                await response.Body.WriteAsync(line, cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The reading side ends for the same reason, and tells those who wait.
        }
    }
}
