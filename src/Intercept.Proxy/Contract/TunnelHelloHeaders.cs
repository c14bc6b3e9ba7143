using System.Globalization;

namespace Intercept.Proxy.Contract;

/// <summary>A hello as headers, and back.</summary>
internal static class TunnelHelloHeaders
{
    /// <summary>Header of <see cref="TunnelHello.Contract"/>.</summary>
    public const string Contract = "x-intercept-contract";

    private const string Session = "x-intercept-session";
    private const string Uid = "x-intercept-session-uid";
    private const string Token = "x-intercept-token";
    private const string Claim = "x-intercept-claim";
    private const string TestClaim = "x-intercept-test-claim";
    private const string Port = "x-intercept-port";
    private const string WhenLost = "x-intercept-when-lost";
    private const string TimeToLive = "x-intercept-ttl-ms";
    private const string PingTimeout = "x-intercept-ping-timeout-ms";
    private const string Attach = "x-intercept-attach";
    private const int MaxNameLength = 253;
    private const int MaxRuleLength = 2048;

    /// <summary>The headers to send.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Write(TunnelHello hello)
    {
        yield return new(Contract, hello.Contract.ToString(CultureInfo.InvariantCulture));
        yield return new(Session, hello.Session);
        if (hello.Uid is not null)
        {
            yield return new(Uid, hello.Uid);
        }

        yield return new(Token, hello.Token);
        yield return new(Claim, hello.Claim.ToString());
        if (hello.TestClaim is not null)
        {
            yield return new(TestClaim, hello.TestClaim.ToString());
        }

        if (hello.Port is not null)
        {
            yield return new(Port, hello.Port);
        }

        yield return new(WhenLost, hello.PassWhenLost ? "pass" : "fail");
        yield return new(TimeToLive, Milliseconds(hello.TimeToLive));
        yield return new(PingTimeout, Milliseconds(hello.PingTimeout));
        yield return new(Attach, hello.Again ? "again" : "first");
    }

    /// <summary>Reads a hello from outside, trusting nothing.</summary>
    /// <exception cref="FormatException">A header is missing, doubled, or not of its form.</exception>
    public static TunnelHello Read(IHeaderDictionary headers)
    {
        var token = One(headers, Token);
        if (token.Length != TunnelHello.TokenLength || !token.All(char.IsAsciiHexDigit))
        {
            throw new FormatException($"{Token} must be {TunnelHello.TokenLength} hexadecimal digits.");
        }

        return new TunnelHello
        {
            Contract = (int)Number(headers, Contract, 1, int.MaxValue),
            Session = Identifier(headers, Session),
            Uid = headers.ContainsKey(Uid) ? Identifier(headers, Uid) : null,
            Token = token,
            Claim = Rule(headers, Claim),
            TestClaim = headers.ContainsKey(TestClaim) ? Rule(headers, TestClaim) : null,
            Port = headers.ContainsKey(Port) ? One(headers, Port) : null,
            PassWhenLost = Choice(headers, WhenLost, "fail", "pass"),
            TimeToLive = TimeSpan.FromMilliseconds(Number(headers, TimeToLive, 1, 86_400_000)),
            PingTimeout = TimeSpan.FromMilliseconds(Number(headers, PingTimeout, 1_000, 86_400_000)),
            Again = Choice(headers, Attach, "first", "again"),
        };
    }

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    private static string One(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out var values) && values is [{ Length: > 0 } value]
            ? value
            : throw new FormatException($"{name} must be given exactly once.");

    private static string Identifier(IHeaderDictionary headers, string name) =>
        One(headers, name) is var value && value.Length <= MaxNameLength && !value.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? value
            : throw new FormatException($"{name} must be that of a Session object, at most {MaxNameLength} characters.");

    private static long Number(IHeaderDictionary headers, string name, long least, long most) =>
        long.TryParse(One(headers, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"{name} must be a number from {least} to {most}.");

    private static bool Choice(IHeaderDictionary headers, string name, string no, string yes)
    {
        var value = One(headers, name);
        return value == yes || (value == no ? false : throw new FormatException($"{name} must be '{no}' or '{yes}'."));
    }

    private static RouteRule Rule(IHeaderDictionary headers, string name)
    {
        var text = One(headers, name);
        return text.Length > MaxRuleLength || RouteRule.Parse(text) is not { } rule
            ? throw new FormatException($"{name} must be '*' or NAME:value of at most {MaxRuleLength} characters.")
            : rule;
    }
}
