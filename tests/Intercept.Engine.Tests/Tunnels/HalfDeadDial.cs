using Intercept.Proxy.Streams;

namespace Intercept.Engine.Tests.Tunnels;

/// <summary>A dialler whose connections can die at this end while the other end stays open and silent.</summary>
internal sealed class HalfDeadDial(Func<CancellationToken, Task<Stream>> dial)
{
    private readonly List<HalfDeadStream> _streams = [];

    public int Attempts => _streams.Count;

    public async Task<Stream> DialAsync(CancellationToken cancellationToken)
    {
        var stream = new HalfDeadStream(await dial(cancellationToken));
        _streams.Add(stream);
        return stream;
    }

    public void Die() => _streams[^1].Die();

    private sealed class HalfDeadStream(Stream inner) : PassThroughStream(inner)
    {
        private readonly CancellationTokenSource _death = new();

        public void Die() => _death.Cancel();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _death.Token);
            return await base.ReadAsync(buffer, either.Token);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            _death.IsCancellationRequested ? ValueTask.CompletedTask : base.WriteAsync(buffer, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            // A dead one stays open, or the other end would see its end.
            if (disposing && !_death.IsCancellationRequested)
            {
                Inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
