using System.Net;

namespace Intercept.Embedded.ApiServer;

/// <summary>How the API server of the embedded cluster is set up.</summary>
internal sealed record ApiServerSettings
{
    /// <summary>Where cluster addresses of Services come from. The default is 10.96.0.0/16.</summary>
    public IPNetwork ServiceRange { get; init; } = IPNetwork.Parse("10.96.0.0/16");

    /// <summary>Node ports of Services, both ends included. The default is 30000 to 32767.</summary>
    public Range NodePorts { get; init; } = 30000..32767;

    /// <summary>What <c>/version</c> says. The default is v1.34.0.</summary>
    public string GitVersion { get; init; } = "v1.34.0";

    /// <summary>
    /// How many changes of a kind are remembered for watches that resume, paged lists and lists of an older version. The default is 2,000.
    /// </summary>
    public int HistoryLength { get; init; } = 2000;

    /// <summary>Namespaces that are there from the start.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = ["default", "kube-system", "kube-public", "kube-node-lease"];
}
