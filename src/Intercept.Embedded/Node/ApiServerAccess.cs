using System.Globalization;
using Intercept.Embedded.ApiServer.Access;
using k8s.Models;

namespace Intercept.Embedded.Node;

/// <summary>How the programs in pods find the API server and prove who they are.</summary>
internal sealed class ApiServerAccess(Uri address, PodTokens tokens)
{
    /// <summary>The real port of the API server, which every pod reaches on its loopback.</summary>
    public int Port => address.Port;

    /// <summary>
    /// What in-cluster clients read. The scheme is this cluster's own: a real one has no such variable and means https.
    /// </summary>
    public IEnumerable<KeyValuePair<string, string>> Environment =>
    [
        new("KUBERNETES_SERVICE_HOST", address.Host),
        new("KUBERNETES_SERVICE_PORT", address.Port.ToString(CultureInfo.InvariantCulture)),
        new("KUBERNETES_SERVICE_SCHEME", address.Scheme),
    ];

    /// <inheritdoc cref="PodTokens.Issue"/>
    public string? IssueToken(V1Pod pod) => tokens.Issue(pod);
}
