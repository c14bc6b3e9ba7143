using Intercept.Embedded.ApiServer.Access;
using Intercept.Embedded.ApiServer.Failures;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Hosting;

/// <summary>The time after a restart in which the server answers, but nothing useful.</summary>
internal sealed class Outage
{
    private volatile int _status;

    /// <summary>503, 403, or 0 for no outage.</summary>
    public int Status
    {
        get => _status;
        set => _status = value;
    }

    /// <exception cref="ApiStatusException">503.</exception>
    public void RequireAvailable()
    {
        if (Status == 503)
        {
            throw new ApiStatusException(503, "ServiceUnavailable", "the server is currently unable to handle the request", []);
        }
    }

    /// <exception cref="ApiStatusException">403: the roles are not known yet.</exception>
    public void RequireReady(HttpContext context)
    {
        if (Status == 403)
        {
            var request = context.Request;
            throw new ApiStatusException(
                403, "Forbidden", $"forbidden: User \"{Caller.Of(context).User}\" cannot {request.Method.ToLowerInvariant()} path \"{request.Path}\"", []);
        }
    }
}
