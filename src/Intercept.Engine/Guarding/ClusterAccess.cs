using k8s;
using k8s.KubeConfigModels;

namespace Intercept.Engine.Guarding;

/// <summary>
/// How another process of this user reaches the cluster: the context of a kubeconfig as it was read, since the file may have
/// changed or gone when it is needed. It holds credentials: for pipes and memory only.
/// </summary>
/// <param name="Kubeconfig">A kubeconfig with just this context, as YAML.</param>
/// <param name="File">Where it came from: paths in it are relative to this file. Null where they are absolute.</param>
/// <param name="Context">The context's name.</param>
internal sealed record ClusterAccess(string Kubeconfig, string? File, string Context)
{
    /// <summary>The access that a context of a kubeconfig gives; other contexts, and their credentials, are left out.</summary>
    public static ClusterAccess Of(K8SConfiguration config, string context)
    {
        var chosen = config.Contexts.First(candidate => candidate.Name == context);
        var alone = new K8SConfiguration
        {
            ApiVersion = config.ApiVersion,
            Kind = config.Kind,
            CurrentContext = context,
            Contexts = [chosen],
            Clusters = [.. (config.Clusters ?? []).Where(cluster => cluster.Name == chosen.ContextDetails?.Cluster)],
            Users = [.. (config.Users ?? []).Where(user => user.Name == chosen.ContextDetails?.User)],
        };
        return new ClusterAccess(KubernetesYaml.Serialize(alone), config.FileName, context);
    }

    /// <summary>What a client is made of.</summary>
    public KubernetesClientConfiguration ToConfiguration()
    {
        var config = KubernetesYaml.Deserialize<K8SConfiguration>(Kubeconfig);
        config.FileName = File;
        return KubernetesClientConfiguration.BuildConfigFromConfigObject(config, Context);
    }

    /// <summary>Without the credentials.</summary>
    public override string ToString() => $"context {Context} of {File}";
}
