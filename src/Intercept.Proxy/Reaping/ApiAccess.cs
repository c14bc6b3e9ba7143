using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;

namespace Intercept.Proxy.Reaping;

/// <summary>Where the Kubernetes API is, seen from a pod, and who the pod is there.</summary>
internal class ApiAccess(IConfiguration settings)
{
    /// <summary>The option that names the folder where Kubernetes mounts a ServiceAccount's token.</summary>
    public const string Option = "service-account";

    private string Folder => settings[Option] ?? string.Empty;

    private string TokenFile => Path.Combine(Folder, "token");

    /// <summary>Why the API can't be asked; null where it can.</summary>
    public virtual string? FindObstacle() =>
        Folder.Length == 0 ? $"no --{Option}"
        : !File.Exists(TokenFile) ? $"no {TokenFile}"
        : settings["KUBERNETES_SERVICE_HOST"] is null ? "no KUBERNETES_SERVICE_HOST"
        : null;

    /// <summary>The API's address, as every container finds it in its environment. The embedded cluster has no TLS, and says so.</summary>
    public virtual Uri GetAddress() => new UriBuilder(
        settings["KUBERNETES_SERVICE_SCHEME"] ?? Uri.UriSchemeHttps,
        settings["KUBERNETES_SERVICE_HOST"],
        settings.GetValue("KUBERNETES_SERVICE_PORT", 443)).Uri;

    /// <summary>The token as it is now: Kubernetes renews the file long before a token ends.</summary>
    public virtual string ReadToken() => File.ReadAllText(TokenFile).Trim();

    /// <summary>Connections to the API, which has to show a certificate of the cluster's own authority.</summary>
    public virtual HttpMessageHandler CreateHandler()
    {
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
            UseProxy = false,
        };
        var authority = Path.Combine(Folder, "ca.crt");
        if (File.Exists(authority))
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPemFile(authority);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        return handler;
    }
}
