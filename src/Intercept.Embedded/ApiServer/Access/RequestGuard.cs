using System.Security.Cryptography;
using System.Text;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Http;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Access;

/// <summary>Who may come in: this machine by a loopback name, with the token, and no web page.</summary>
internal sealed class RequestGuard(DeniedAccess denied)
{
    private readonly byte[] _token = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(64, lowercase: true));

    public string Token => Encoding.ASCII.GetString(_token);

    /// <exception cref="ApiStatusException">401 or 403.</exception>
    public void Check(HttpContext context)
    {
        var request = context.Request;
        // A browser is led to a loopback port by any page or by a name that resolves to it; neither has business here.
        if (request.Headers.Origin.Count > 0 || request.Host.Host is not ("127.0.0.1" or "localhost"))
        {
            throw new ApiStatusException(403, "Forbidden", "the embedded API server answers on loopback only, and no browser", []);
        }

        var sent = request.Headers.Authorization.ToString();
        if (!sent.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent["Bearer ".Length..].Trim()), _token))
        {
            throw ApiFailure.Unauthorized();
        }
    }

    /// <exception cref="ApiStatusException">403: a test has denied this.</exception>
    public void CheckAccess(ResourcePath path, string verb)
    {
        var resource = path.Subresource is null ? path.Resource : $"{path.Resource}/{path.Subresource}";
        if (!denied.Denies(verb, path.Group, resource))
        {
            return;
        }

        var scope = path.Namespace is null ? "at the cluster scope" : $"in the namespace \"{path.Namespace}\"";
        var qualified = path.Group.Length == 0 ? path.Resource : $"{path.Resource}.{path.Group}";
        var subject = path.Name is null ? qualified : $"{qualified} \"{path.Name}\"";
        var details = new System.Text.Json.Nodes.JsonObject();
        if (path.Name is not null)
        {
            details["name"] = path.Name;
        }

        if (path.Group.Length > 0)
        {
            details["group"] = path.Group;
        }

        details["kind"] = path.Resource;
        throw new ApiStatusException(
            403,
            "Forbidden",
            $"{subject} is forbidden: User \"embedded\" cannot {verb} resource \"{resource}\" in API group \"{path.Group}\" {scope}",
            details);
    }
}
