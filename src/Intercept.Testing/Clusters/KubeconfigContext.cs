using System.Text.RegularExpressions;
using Intercept.Engine.Guarding;
using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace Intercept.Testing.Clusters;

/// <summary>A context of a kubeconfig, found and checked, before anybody talks to its server.</summary>
internal sealed partial record KubeconfigContext(string Name, string Cluster, string Files, KubernetesClientConfiguration Configuration, ClusterAccess Access)
{
    public const string AllowProductionVariable = "INTERCEPT_ALLOW_PRODUCTION";

    public static async Task<KubeconfigContext> LoadAsync(
        string? context, InterceptClusterOptions options, Func<string, string?> environment)
    {
        var files = KubeconfigFiles.Find(options.KubeconfigFile, environment);
        var paths = string.Join(Path.PathSeparator, files.Select(file => file.FullName));
        var configs = await KubeconfigFiles.ReadAsync(files);
        var contexts = configs.SelectMany(config => config.Contexts ?? []).Select(candidate => candidate.Name).Distinct().ToList();
        var known = contexts.Count == 0 ? "It has no contexts." : $"Its contexts: {string.Join(", ", contexts)}.";
        var name = context ?? configs.Select(config => config.CurrentContext).FirstOrDefault(current => !string.IsNullOrWhiteSpace(current))
            ?? throw new InterceptException(
                $"Kubeconfig {paths} has no current-context, and none was named. {known} Name one: {nameof(InterceptClusterOptions)}.{nameof(InterceptClusterOptions.Context)} or {ClusterChoice.Variable}=kubeconfig:CONTEXT.");
        var home = configs.Find(config => config.Contexts?.Any(candidate => candidate.Name == name) ?? false)
            ?? throw new InterceptException(
                $"Kubeconfig {paths} has no context '{name}'{(context is null ? ", which is its current-context" : string.Empty)}. {known}");
        var cluster = home.Contexts.First(candidate => candidate.Name == name).ContextDetails?.Cluster ?? string.Empty;
        Guard(name, cluster, options, environment);
        var complete = KubeconfigFiles.Complete(home, configs);
        return new KubeconfigContext(name, cluster, paths, Build(complete, name, paths), ClusterAccess.Of(complete, name));
    }

    private static KubernetesClientConfiguration Build(K8SConfiguration config, string name, string paths)
    {
        try
        {
            return KubernetesClientConfiguration.BuildConfigFromConfigObject(config, name);
        }
        catch (Exception e) when (e is KubeConfigException or FormatException or IOException or UnauthorizedAccessException
            or System.Security.Cryptography.CryptographicException or NotSupportedException)
        {
            throw new InterceptException($"Context '{name}' of kubeconfig {paths} can't be used: {e.Message}", e);
        }
    }

    private static void Guard(string name, string cluster, InterceptClusterOptions options, Func<string, string?> environment)
    {
        if (options.AllowProduction || environment(AllowProductionVariable) == "1")
        {
            return;
        }

        if (Production.IsMatch(name) || Production.IsMatch(cluster))
        {
            throw new InterceptException(
                $"Context '{name}' (cluster '{cluster}') looks like production, where an intercept changes a Service that people use. "
                + $"If that is what you want, set {nameof(InterceptClusterOptions)}.{nameof(InterceptClusterOptions.AllowProduction)} or {AllowProductionVariable}=1.");
        }
    }

    [GeneratedRegex("(?<![a-z])(prod|production|live)(?![a-z])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Production { get; }
}
