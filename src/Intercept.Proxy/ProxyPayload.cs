using System.Reflection;
using Yarp.ReverseProxy.Forwarder;

namespace Intercept.Proxy;

/// <summary>
/// The files that a stock ASP.NET Core runtime image needs to run this program, as they travel in the proxy's ConfigMap:
/// the assemblies that this process has loaded, and the runtime's configuration. <c>intercept.json</c> comes beside them.
/// </summary>
internal static class ProxyPayload
{
    /// <summary>The file to start: <c>dotnet Intercept.Proxy.dll</c>.</summary>
    public const string EntryPoint = "Intercept.Proxy.dll";

    private const string RuntimeConfiguration = """
        {
          "runtimeOptions": {
            "tfm": "net10.0",
            "framework": { "name": "Microsoft.AspNetCore.App", "version": "10.0.0" },
            "configProperties": { "System.Globalization.Invariant": true, "System.GC.Server": false }
          }
        }
        """;

    // System.IO.Hashing, which YARP refers to, is not among them: only YARP's session affinity uses it, and we forward directly.
    private static Assembly[] Assemblies => [typeof(ProxyProgram).Assembly, typeof(IHttpForwarder).Assembly];

    /// <summary>Each file's name and content.</summary>
    /// <exception cref="InvalidOperationException">The process was published as a single file: there are no assembly files to send.</exception>
    public static async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var assembly in Assemblies)
        {
            if (assembly.Location.Length == 0)
            {
                throw new InvalidOperationException(
                    $"{assembly.GetName().Name} has no file of its own, so it can't be sent to the cluster. Run the tests as they are built, not published as a single file.");
            }

            files[assembly.GetName().Name + ".dll"] = await File.ReadAllBytesAsync(assembly.Location, cancellationToken);
        }

        files["Intercept.Proxy.runtimeconfig.json"] = System.Text.Encoding.UTF8.GetBytes(RuntimeConfiguration);
        return files;
    }
}
