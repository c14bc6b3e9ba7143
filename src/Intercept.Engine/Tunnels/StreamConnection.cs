using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Intercept.Engine.Tunnels;

/// <summary>
/// Any duplex stream as a connection for Kestrel, in the shape of Kestrel's own socket connection: one pump for each
/// direction, so that a vanished peer is noticed while nobody reads and nothing is written into the void.
/// </summary>
internal sealed class StreamConnection : ConnectionContext, IConnectionLifetimeFeature
{
    private const int BufferLength = 1024 * 1024;

    private readonly Stream _stream;
    private readonly DuplexPipe _transport;
    private readonly DuplexPipe _application;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _input;
    private readonly Task _output;

    /// <summary>Takes the stream over; bytes of it that were read already come first.</summary>
    public StreamConnection(Stream stream, ReadOnlyMemory<byte> alreadyRead)
    {
        _stream = stream;
        var options = new PipeOptions(
            pauseWriterThreshold: BufferLength, resumeWriterThreshold: BufferLength / 2, useSynchronizationContext: false);
        var input = new Pipe(options);
        var output = new Pipe(options);
        _transport = new DuplexPipe(input.Reader, output.Writer);
        _application = new DuplexPipe(output.Reader, input.Writer);
        Transport = _transport;
        ConnectionClosed = _closed.Token;
        Features.Set<IConnectionLifetimeFeature>(this);
        _input = PumpInAsync(alreadyRead);
        _output = PumpOutAsync();
    }

    /// <summary>Completes when Kestrel has let go of the connection and the stream is closed.</summary>
    public Task Disposed => _disposed.Task;

    /// <inheritdoc/>
    public override IDuplexPipe Transport { get; set; }

    /// <inheritdoc/>
    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public override IFeatureCollection Features { get; } = new FeatureCollection();

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    /// <inheritdoc/>
    public override CancellationToken ConnectionClosed { get; set; }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        _application.Input.CancelPendingRead();
        _stream.Dispose();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _transport.Input.CompleteAsync();
        await _transport.Output.CompleteAsync();
        // What was written goes out first. The input pump ends only with the stream: to wait for it before would be to
        // wait for the peer.
        await _output;
        await _stream.DisposeAsync();
        await _input;
        _closed.Dispose();
        _disposed.TrySetResult();
        await base.DisposeAsync();
    }

    private async Task PumpInAsync(ReadOnlyMemory<byte> alreadyRead)
    {
        var writer = _application.Output;
        Exception? fault = null;
        try
        {
            if (!alreadyRead.IsEmpty)
            {
                await writer.WriteAsync(alreadyRead);
            }

            for (; ; )
            {
                var read = await _stream.ReadAsync(writer.GetMemory(16 * 1024));
                if (read == 0)
                {
                    break;
                }

                writer.Advance(read);
                if ((await writer.FlushAsync()).IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (IsBreak(exception))
        {
            fault = new ConnectionResetException(exception.Message, exception);
        }
        finally
        {
            await writer.CompleteAsync(fault);
            await _closed.CancelAsync();
        }
    }

    private async Task PumpOutAsync()
    {
        var reader = _application.Input;
        Exception? fault = null;
        try
        {
            for (; ; )
            {
                var result = await reader.ReadAsync();
                if (result.IsCanceled)
                {
                    break;
                }

                foreach (var segment in result.Buffer)
                {
                    await _stream.WriteAsync(segment);
                }

                await _stream.FlushAsync();
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (IsBreak(exception))
        {
            fault = new ConnectionResetException(exception.Message, exception);
        }
        finally
        {
            await reader.CompleteAsync(fault);
        }
    }

    private static bool IsBreak(Exception exception) => exception is IOException or ObjectDisposedException or OperationCanceledException;

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
