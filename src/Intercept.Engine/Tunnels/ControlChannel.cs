using System.Collections.Concurrent;
using System.Text.Json;
using Intercept.Proxy.Contract;
using Intercept.Proxy.Control;
using Microsoft.AspNetCore.Http;

namespace Intercept.Engine.Tunnels;

/// <summary>The test process's end of the control stream of one attach. A feature of the attach's connection.</summary>
internal sealed class ControlChannel : IDisposable
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<ControlReply>> _waiting = new();
    private readonly TaskCompletionSource<WelcomeMessage> _welcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private Stream? _commands;
    private int _lastId;

    /// <summary>The proxy's first message; fails where the stream ends before.</summary>
    public Task<WelcomeMessage> Welcome => _welcome.Task;

    /// <summary>Completes when the stream, and with it the tunnel, has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Serves the proxy's control request until it ends.</summary>
    public async Task RunAsync(HttpContext context)
    {
        try
        {
            await context.Response.StartAsync(context.RequestAborted);
            _commands = context.Response.Body;
            await foreach (var message in ControlLines.ReadAsync(
                context.Request.Body, ContractJson.ControlMessage, context.RequestAborted))
            {
                Take(message);
            }
        }
        catch (Exception exception) when (exception is IOException or JsonException or OperationCanceledException)
        {
            // How a stream ends when its connection breaks; End tells everybody who waits.
        }
        finally
        {
            End();
        }
    }

    /// <summary>The connection has ended, or will not be used any more.</summary>
    public void End()
    {
        _ended.TrySetResult();
        _welcome.TrySetException(new TunnelBrokenException());
        // Nobody may be waiting for a welcome any more, and then nobody looks at its failure.
        _ = _welcome.Task.Exception;
        foreach (var (id, _) in _waiting)
        {
            if (_waiting.TryRemove(id, out var waiting))
            {
                waiting.TrySetException(new TunnelBrokenException());
            }
        }
    }

    /// <summary>Sends a command and waits for its reply.</summary>
    /// <exception cref="TunnelBrokenException">The tunnel broke; the command may or may not have been done.</exception>
    /// <exception cref="TunnelRefusedException">The proxy did not do it.</exception>
    public async Task<ControlReply> SendAsync(ControlCommand command, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId);
        var reply = new TaskCompletionSource<ControlReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = reply;
        try
        {
            if (_ended.Task.IsCompleted || _commands is null)
            {
                throw new TunnelBrokenException();
            }

            command.Id = id;
            await WriteAsync(command, cancellationToken);
            var answer = await reply.Task.WaitAsync(cancellationToken);
            return answer.Problem is null ? answer : throw new TunnelRefusedException(answer.Problem);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writing.Dispose();

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

    private async Task WriteAsync(ControlCommand command, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            // A line must not be cut by a cancellation, or the next one would be unreadable.
            await _commands!.WriteAsync(ControlLines.Write(command, ContractJson.ControlCommand), CancellationToken.None);
            await _commands.FlushAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            throw new TunnelBrokenException(exception);
        }
        finally
        {
            _writing.Release();
        }
    }
}
