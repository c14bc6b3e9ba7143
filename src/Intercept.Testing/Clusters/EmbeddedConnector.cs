using Intercept.Embedded;
using Intercept.Engine;
using Intercept.Testing.Sessions;
using k8s;
using k8s.Models;

namespace Intercept.Testing.Clusters;

/// <summary>Starts a Kubernetes in this process.</summary>
internal static class EmbeddedConnector
{
    public static async Task<InterceptCluster> ConnectAsync(InterceptClusterOptions options, CancellationToken cancellationToken)
    {
        var begun = options.TimeProvider.GetTimestamp();
        _ = ManifestFiles.Find(options.Manifests);
        var settings = new EmbeddedClusterOptions { ReadyTimeout = options.ManifestsReady, TimeProvider = options.TimeProvider };
        options.ConfigureEmbedded?.Invoke(settings);
        var embedded = await EmbeddedCluster.StartAsync(settings, cancellationToken);
        var kubernetes = new Kubernetes(embedded.CreateClientConfiguration());
        var cluster = new InterceptCluster(
            $"embedded cluster ({embedded.ApiServer})",
            kubernetes,
            new EngineInterceptor(new InterceptEngine(kubernetes, options.TimeProvider)),
            options,
            owned: embedded);
        try
        {
            Report($"embedded cluster at {embedded.ApiServer}");
            await ApplyAsync(embedded, kubernetes, options.Manifests, Report, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        void Report(string text) => options.Progress?.Report(new InterceptStep(options.TimeProvider.GetElapsedTime(begun), text));
    }

    private static async Task ApplyAsync(
        EmbeddedCluster embedded, Kubernetes kubernetes, IReadOnlyList<string> manifests, Action<string> report, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var path in manifests)
            {
                await embedded.ApplyFilesAsync(path, cancellationToken);
            }

            var deployments = await kubernetes.AppsV1.ListDeploymentForAllNamespacesAsync(cancellationToken: cancellationToken);
            foreach (var namespaceName in deployments.Items.Select(deployment => deployment.Namespace()).Distinct())
            {
                await embedded.WaitUntilReadyAsync(namespaceName, cancellationToken);
                report($"namespace {namespaceName} is ready");
            }
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or TimeoutException)
        {
            throw new InterceptException($"The manifests could not be brought up in the embedded cluster: {e.Message}", e);
        }
    }
}
