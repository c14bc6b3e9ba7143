using Intercept.Proxy.Contract;

namespace Intercept.Engine.Tunnels;

/// <summary>Who answered behind a Service, probe after probe, each on a connection of its own.</summary>
internal sealed record ServiceProbe(IReadOnlyList<ServiceProbeAnswer> Answers)
{
    /// <summary>Whether each probe was answered by the proxy of this tunnel.</summary>
    public bool AllAnsweredByThisProxy => Answers.All(answer => answer.Answer == ProbeAnswer.Me);

    /// <summary>How many probes, counted from the last backwards, this proxy answered without interruption.</summary>
    public int TrailingAnswersOfThisProxy => Answers.Reverse().TakeWhile(answer => answer.Answer == ProbeAnswer.Me).Count();

    /// <summary>Whether no proxy answered at all.</summary>
    public bool NoneAnsweredByAProxy => Answers.All(answer => answer.Answer is ProbeAnswer.NotAProxy or ProbeAnswer.Nothing);
}

/// <summary>One probe.</summary>
/// <param name="Answer">Who answered.</param>
/// <param name="Detail">The answer's <c>x-intercept-served-by</c>, its status, or the error.</param>
/// <param name="Elapsed">How long it took, with the connection.</param>
internal sealed record ServiceProbeAnswer(ProbeAnswer Answer, string Detail, TimeSpan Elapsed);

/// <summary>What to probe.</summary>
internal sealed record ServiceProbeRequest
{
    /// <summary>Host name of the Service as a pod resolves it: <c>leaf.shop.svc</c>.</summary>
    public required string Host { get; init; }

    /// <summary>A port of the Service that speaks HTTP.</summary>
    public required int Port { get; init; }

    /// <summary>Whether that port speaks HTTP/2 in clear text. The default is HTTP/1.1.</summary>
    public bool Http2 { get; init; }

    /// <summary>How many probes, one after the other. The default is 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>For each probe. The default is 2 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);
}
