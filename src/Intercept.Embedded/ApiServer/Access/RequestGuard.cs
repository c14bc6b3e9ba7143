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
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var token = header["Bearer ".Length..].Trim();
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), _token) ? Caller.Administrator : pods.Find(token);
    }
}
