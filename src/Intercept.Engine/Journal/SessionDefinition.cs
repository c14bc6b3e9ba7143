using Intercept.Engine.Api;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Journal;

/// <summary>The CustomResourceDefinition of the Session, installed where it is missing.</summary>
internal static class SessionDefinition
{
    private const string Name = $"{SessionResource.Plural}.{SessionResource.GroupName}";
    private const string File = "sessions.system.codezero.io.yaml";

    /// <summary>Sees to it that the cluster serves Sessions.</summary>
    /// <returns>Whether the definition is there; otherwise this account may not find out, or may not install it.</returns>
    public static async Task<bool> EnsureAsync(IClusterApi api, CancellationToken cancellationToken)
    {
        try
        {
            // Read from its file only where it is missing: YAML takes milliseconds, behind a lock of all threads.
            if (await api.FindMetadataAsync<V1CustomResourceDefinition>(null, Name, cancellationToken) is null)
            {
                await api.CreateAsync(Read(), cancellationToken);
            }

            return true;
        }
        catch (ApiException exception) when (exception.IsAlreadyExists)
        {
            // Another test run was a moment faster; what it installed is the same.
            return true;
        }
        catch (ApiException exception) when (exception.IsForbidden)
        {
            // Few runners may read or write definitions. Whether an administrator installed it shows when the Session is written.
            return false;
        }
    }

    private static V1CustomResourceDefinition Read()
    {
        using var stream = typeof(SessionDefinition).Assembly.GetManifestResourceStream(File)
            ?? throw new InvalidOperationException($"{File} is missing in the assembly.");
        using var reader = new StreamReader(stream);
        return KubernetesYaml.Deserialize<V1CustomResourceDefinition>(reader.ReadToEnd());
    }
}
