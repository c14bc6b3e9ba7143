using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Intercept.Embedded.ApiServer.Failures;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Access;

/// <summary>Who may come in: this machine by a loopback name, with the cluster's token or a pod's, and no web page.</summary>
internal sealed class RequestGuard(PodTokens pods)
{
    private readonly byte[] _token = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(64, lowercase: true));

    public string Token => Encoding.ASCII.GetString(_token);

    /// <summary>Notes the <see cref="Caller"/> with the request.</summary>
    /// <exception cref="ApiStatusException">401 or 403.</exception>
    public void Check(HttpContext context)
    {
        var request = context.Request;
        // A browser is led to a loopback port by any page or by a name that resolves to it; neither has business here.
        if (request.Headers.Origin.Count > 0 || request.Host.Host is not ("127.0.0.1" or "localhost"))
        {
            throw new ApiStatusException(403, "Forbidden", "the embedded API server answers on loopback only, and no browser", []);
        }

        context.Features.Set(Authenticate(request.Headers.Authorization.ToString()) ?? throw ApiFailure.Unauthorized());
    }

    private Caller? Authenticate(string header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var sent) || (sent.Scheme.ToUpperInvariant() switch
        {
            "BEARER" => sent.Parameter,
            "BASIC" => Password(sent.Parameter),
            _ => null,
        }) is not { } token)
        {
            return null;
        }

        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), _token) ? Caller.Administrator : pods.Find(token);
    }

    // kubectl sends no bearer token over http, but the user and password of the server's URL it does.
    private static string? Password(string? parameter)
    {
        var bytes = new byte[parameter?.Length ?? 0];
        return Convert.TryFromBase64String(parameter ?? "", bytes, out var count) && Encoding.UTF8.GetString(bytes, 0, count).Split(':', 2) is [_, var password]
            ? password
            : null;
    }
}
