using System.Security.Cryptography;
using System.Text;
using Intercept.Proxy.Contract;

namespace Intercept.Proxy.Sessions;

/// <summary>
/// What the holder of a session has to show. Each attach gets a new one in its welcome; until the holder confirms that
/// it has it, the one before counts too, because a welcome can be lost on its way.
/// </summary>
internal sealed class SessionToken(string first)
{
    private string _current = first;
    private string? _next;

    /// <summary>Whether it is the token, compared in constant time.</summary>
    public bool Accepts(string shown) => Same(_current, shown) | (_next is not null && Same(_next, shown));

    /// <summary>A new token for the attach that is being made.</summary>
    public string Rotate() => _next = RandomNumberGenerator.GetHexString(TunnelHello.TokenLength, lowercase: true);

    /// <summary>The holder has the new one.</summary>
    public void Confirm()
    {
        _current = _next ?? _current;
        _next = null;
    }

    private static bool Same(string token, string shown) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(token), Encoding.ASCII.GetBytes(shown));
}
