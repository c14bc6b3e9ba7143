using System.Security.Cryptography;
using System.Text;

namespace Intercept.Engine;

/// <summary>
/// Names of what an intercept puts into the cluster: those of the original Intercept, so that its recipe for a clean-up by
/// hand works here too. A name that would be longer than Kubernetes allows is cut and given a hash.
/// </summary>
internal sealed record InterceptNames
{
    private const int LongestName = 63;

    private InterceptNames(ServiceReference service)
    {
        Session = Shorten($"intercept-{service.Namespace}-{service.Name}");
        Interceptor = Shorten($"interceptor-{service.Name}");
        Decoy = Shorten($"interceptor-{service.Name}-decoy");
        SessionHash = Convert.ToHexStringLower(Sha1(Session));
    }

    /// <summary>The Session of the first participant.</summary>
    public string Session { get; }

    /// <summary>The Deployment and the ConfigMap of the proxy.</summary>
    public string Interceptor { get; }

    /// <summary>The Service that leads to the original pods while the intercept lasts.</summary>
    public string Decoy { get; }

    /// <summary>The value of label <see cref="Labels.Session"/> on the proxy's pods, and in the hijacked selector.</summary>
    public string SessionHash { get; }

    public static InterceptNames For(ServiceReference service) => new(service);

    /// <summary>The Session of a further participant.</summary>
    public string SessionFor(string participantNonce) => Shorten($"{Session}-{participantNonce[..8]}");

    private static string Shorten(string name) =>
        name.Length <= LongestName ? name : $"{name[..(LongestName - 9)].TrimEnd('-')}-{Convert.ToHexStringLower(Sha1(name))[..8]}";

#pragma warning disable CA5350 // The original's selector is a SHA-1; it identifies, it protects nothing.
    private static byte[] Sha1(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
}
