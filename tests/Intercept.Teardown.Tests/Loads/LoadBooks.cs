using System.Collections.Concurrent;
using System.Globalization;
using Intercept.Tests.Apps.Holder;

namespace Intercept.Teardown.Tests.Loads;

/// <summary>The callers' books: what was sent, and what came of it.</summary>
internal sealed class LoadBooks
{
    /// <summary>What the test process calls itself.</summary>
    public const string Test = "test";

    private readonly ConcurrentQueue<string> _wrong = new();
    private long _sent;
    private long _answered;
    private long _byTest;
    private long _either;
    private long _early;
    private long _bodies;
    private long _sockets;
    private long _messages;
    private long _lost;
    private long _duplicated;
    private long _misrouted;
    private long _garbled;

    /// <summary>The phase now.</summary>
    public Phase Phase { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); } = new(PhaseKind.Original, 0);

    public long Sent => Interlocked.Read(ref _sent);

    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>How many were answered by the test process.</summary>
    public long ByTest => Interlocked.Read(ref _byTest);

    /// <summary>What went wrong, the first of it.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    /// <summary>The number of the next request.</summary>
    public long Next() => Interlocked.Increment(ref _sent);

    /// <summary>A request was answered.</summary>
    public void Judge(long id, string who, Expected expected, string count = "1")
    {
        Interlocked.Increment(ref _answered);
        Add(ref _byTest, who == Test);
        Add(ref _either, expected == Expected.Either);
        Complain(ref _duplicated, count != "1", id, $"was answered by {who} as the {count}. of its number");
        var isRight = expected switch
        {
            Expected.Original => who == Leaf.Name,
            Expected.Test => who == Test,
            _ => who is Leaf.Name or Test,
        };
        Complain(ref _misrouted, !isRight, id, $"was answered by {who} and not by {expected}, {Phase}");
    }

    /// <summary>A marked request went over a connection from before the intercept.</summary>
    public void CountEarly() => Interlocked.Increment(ref _early);

    /// <summary>A body came back.</summary>
    public void JudgeBody(long id, bool isSame)
    {
        Interlocked.Increment(ref _bodies);
        Complain(ref _garbled, !isSame, id, "has another body than was sent");
    }

    /// <summary>A WebSocket was closed in good order.</summary>
    public void CountSocket(int messages)
    {
        Interlocked.Increment(ref _sockets);
        Interlocked.Add(ref _messages, messages);
    }

    /// <summary>A request had no answer, or one that tells of a failure.</summary>
    public void Lose(long id, string why) => Complain(ref _lost, true, id, why);

    /// <summary>All counters.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {_sent} requests, {_bodies} of them with 1 MiB both ways, {_sockets} of them WebSockets with {_messages} messages
          lost {_lost}, duplicated {_duplicated}, misrouted {_misrouted}, bodies changed {_garbled}
          {_byTest} answered by the test process; {_either} marked ones while the Service was switched, by either; {_early} marked ones by the original, over connections from before the intercept
        """);

    private static void Add(ref long counter, bool isCounted)
    {
        if (isCounted)
        {
            Interlocked.Increment(ref counter);
        }
    }

    private void Complain(ref long counter, bool isWrong, long id, string what)
    {
        if (isWrong && Interlocked.Increment(ref counter) <= 20)
        {
            _wrong.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} request {id} {what}"));
        }
    }
}
