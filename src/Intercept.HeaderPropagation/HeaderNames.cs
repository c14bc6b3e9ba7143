using System.Buffers;
using System.Collections.Frozen;

namespace Intercept.HeaderPropagation;

/// <summary>What RFC 9110 says about the names and values of headers that are to travel on.</summary>
internal static class HeaderNames
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // RFC 9110, section 7.6.1: of this connection only; and Host, which names the receiver.
    private static readonly FrozenSet<string> OneHop = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Connection", "Host", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Expect");

    public static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenCharacters);

    /// <summary>Whether the header speaks of the request as a whole, not of one connection or one body.</summary>
    public static bool MayTravel(string name) =>
        !OneHop.Contains(name) && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether <see cref="HttpClient"/> sends the value as it is; anything else makes the whole call throw.</summary>
    public static bool CanBeSent(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
