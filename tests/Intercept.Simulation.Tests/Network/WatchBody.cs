using System.Text;
using Intercept.Embedded.ApiServer.Http;
using Intercept.Embedded.ApiServer.Storage;
using Intercept.Embedded.ApiServer.Watches;
using Intercept.Simulation.Tests.Cluster;
using Intercept.Simulation.Tests.Scheduling;

namespace Intercept.Simulation.Tests.Network;

/// <summary>
/// The body of a watch: what has changed since the version that was asked for, delivered when the scheduler lets it. It may end
/// early, say that its version has expired, or fall silent.
/// </summary>
internal sealed class WatchBody : Stream
{
    private readonly World _world;
    private readonly Actor _actor;
    private readonly ResourceTable _table;
    private readonly WatchFilter _filter;
    private readonly Queue<ReadOnlyMemory<byte>> _lines = new();
    private ReadOnlyMemory<byte> _bytes;
    private readonly bool _isSilent;
    private EventLink _link;
    private TaskCompletionSource? _more;
    private bool _deliveryPending;
    private bool _ended;

    public WatchBody(World world, Actor actor, ApiRequest request)
    {
        (_world, _actor) = (world, actor);
        var context = request.ToContext();
        var path = ResourcePath.Parse(request.Path)!;
        var resource = world.Cluster.Catalog.Find(path.Group, path.Version, path.Resource)!;
        _filter = WatchFilter.Parse(new ResourceCall(context, resource, path));
        _table = world.Cluster.Store.Table(resource);
        _link = _table.Log.After(QueryOptions.Version(context) ?? world.Cluster.Store.Revision) ?? _table.Log.Newest;
        var lasts = TimeSpan.FromSeconds(QueryOptions.Number(context, "timeoutSeconds") ?? 300);
        switch (world.WatchesFail ? world.Scheduler.Chance.Next(12) : 11)
        {
            case 0:
                lasts = world.Scheduler.Latency();
                world.Statistics.Add("watch broken off");
                break;
            case 1:
                world.Scheduler.After(world.Scheduler.Latency(), null, Expire);
                world.Statistics.Add("watch expired");
                break;
            case 2:
                _isSilent = true;
                world.Statistics.Add("watch silent");
                break;
        }

        if (!_isSilent)
        {
            world.Scheduler.After(lasts, null, End);
            world.Cluster.Store.Changed += Note;
            Schedule();
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_bytes.IsEmpty && !_lines.TryDequeue(out _bytes) && !_ended)
        {
            var more = _more = new TaskCompletionSource();
            await using var cancellation = cancellationToken.Register(
                () => _world.Scheduler.After(TimeSpan.Zero, _actor, () => more.TrySetCanceled(cancellationToken))).ConfigureAwait(false);
            await more.Task.ConfigureAwait(false);
        }

        var count = Math.Min(buffer.Length, _bytes.Length);
        _bytes[..count].CopyTo(buffer);
        _bytes = _bytes[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _world.Cluster.Store.Changed -= Note;
        _ended = true;
        base.Dispose(disposing);
    }

    private void Note(StoreEvent change)
    {
        if (ReferenceEquals(change.Table, _table))
        {
            Schedule();
        }
    }

    private void Schedule()
    {
        if (!_deliveryPending && !_ended)
        {
            _deliveryPending = true;
            _world.Scheduler.After(_world.Scheduler.Latency(), _actor, Deliver);
        }
    }

    private void Deliver()
    {
        _deliveryPending = false;
        while (!_ended && _link.Next is { } next)
        {
            _link = next;
            for (var times = _filter.Translate(next.Change!) is null ? 0 : Times(); times > 0; times--)
            {
                var seen = _filter.Translate(next.Change!)!.Value;
                Write($"{{\"type\":\"{seen.Type.ToString().ToUpperInvariant()}\",\"object\":{Encoding.UTF8.GetString(_world.Processes.Show(seen.Object.Utf8.ToArray()))}}}\n");
            }
        }

        Wake();
    }

    private void Expire()
    {
        Write("""{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old resource version","reason":"Expired","code":410}}""" + "\n");
        Wake();
    }

    private void End()
    {
        _ended = true;
        _world.Cluster.Store.Changed -= Note;
        Wake();
    }

    private void Wake()
    {
        // From the queue, never from inside the reader's own code: see SimulatedNetwork.
        if (_actor.IsAlive)
        {
            _world.Scheduler.After(TimeSpan.Zero, _actor, () => _more?.TrySetResult());
        }
    }

    private void Write(string text) => _lines.Enqueue(Encoding.UTF8.GetBytes(text));

    /// <summary>How often an event of the watch comes: once, unless it is lost or doubled.</summary>
    private int Times()
    {
        var times = _world.WatchesFail ? _world.Scheduler.Chance.Next(24) switch { 0 => 0, 1 => 2, _ => 1 } : 1;
        if (times != 1)
        {
            _world.Statistics.Add(times == 0 ? "watch event lost" : "watch event doubled");
        }

        return times;
    }
}
