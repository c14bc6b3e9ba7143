using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using YamlDotNet.Core;

namespace Intercept.Testing.Clusters;

/// <summary>The kubeconfig files that kubectl would read, in its order.</summary>
internal static class KubeconfigFiles
{
    private const string Variable = "KUBECONFIG";

    public static IReadOnlyList<FileInfo> Find(string? explicitFile, Func<string, string?> environment)
    {
        if (explicitFile is not null)
        {
            return File.Exists(explicitFile)
                ? [new FileInfo(explicitFile)]
                : throw new InterceptException(
                    $"There is no kubeconfig {Path.GetFullPath(explicitFile)}, which {nameof(InterceptClusterOptions)}.{nameof(InterceptClusterOptions.KubeconfigFile)} names.");
        }

        if (environment(Variable) is { Length: > 0 } list)
        {
            var paths = list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var files = paths.Where(File.Exists).Select(path => new FileInfo(path)).ToList();
            return files.Count > 0
                ? files
                : throw new InterceptException($"There is no kubeconfig at {list}, which the environment variable {Variable} names.");
        }

        var home = environment("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var standard = Path.Combine(home, ".kube", "config");
        return File.Exists(standard)
            ? [new FileInfo(standard)]
            : throw new InterceptException(
                $"There is no kubeconfig: {Variable} is not set and {standard} does not exist. Set {Variable}, or use the embedded cluster ({ClusterChoice.Variable}=embedded).");
    }

    public static async Task<List<K8SConfiguration>> ReadAsync(IReadOnlyList<FileInfo> files)
    {
        var configs = new List<K8SConfiguration>();
        foreach (var file in files)
        {
            try
            {
                configs.Add(await KubernetesClientConfiguration.LoadKubeConfigAsync(file));
            }
            catch (NullReferenceException e)
            {
                // KubernetesClient's answer to a file without a document.
                throw new InterceptException($"Kubeconfig {file.FullName} is empty.", e);
            }
            catch (Exception e) when (e is YamlException or KubeConfigException or IOException or UnauthorizedAccessException)
            {
                throw new InterceptException($"Can't read kubeconfig {file.FullName}: {e.Message}{(e.InnerException is { } inner ? $" ({inner.Message})" : string.Empty)}", e);
            }
        }

        return configs;
    }

    /// <summary>The file that has the context, with the clusters and users that only other files have.</summary>
    public static K8SConfiguration Complete(K8SConfiguration home, IEnumerable<K8SConfiguration> all)
    {
        foreach (var other in all.Where(config => config != home))
        {
            home.Clusters = [.. (home.Clusters ?? []).Concat(other.Clusters ?? []).DistinctBy(cluster => cluster.Name)];
            home.Users = [.. (home.Users ?? []).Concat(other.Users ?? []).DistinctBy(user => user.Name)];
        }

        return home;
    }
}
