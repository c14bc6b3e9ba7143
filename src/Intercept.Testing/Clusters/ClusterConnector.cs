using Intercept.Engine;
using Intercept.Engine.Closing;
using Intercept.Testing.Sessions;
using k8s;

namespace Intercept.Testing.Clusters;

/// <summary>Makes the cluster that was chosen.</summary>
internal static class ClusterConnector
{
    public static Task<InterceptCluster> ConnectAsync(
        ClusterChoice choice, InterceptClusterOptions options, Func<string, string?> environment, CancellationToken cancellationToken) =>
        choice.Kind == InterceptClusterKind.Embedded
            ? EmbeddedConnector.ConnectAsync(options, cancellationToken)
            : ConnectKubeconfigAsync(choice.Context, options, environment, cancellationToken);

    private static async Task<InterceptCluster> ConnectKubeconfigAsync(
        string? contextName, InterceptClusterOptions options, Func<string, string?> environment, CancellationToken cancellationToken)
    {
        var begun = options.TimeProvider.GetTimestamp();
        var context = await KubeconfigContext.LoadAsync(contextName, options, environment);
        Report($"context {context.Name} of {context.Files}, server {context.Configuration.Host}");
        var kubernetes = new Kubernetes(context.Configuration);
        var engine = new InterceptEngine(kubernetes, options.TimeProvider, context.Access, options.Layers)
        {
            DefaultNamespace = context.Configuration.Namespace is { Length: > 0 } own ? own : "default",
        };
        try
        {
            var version = await ClusterProbe.GetVersionAsync(kubernetes, context, options.ConnectTimeout, options.TimeProvider, cancellationToken);
            Report($"Kubernetes {version}");
            if (options.SweepAtConnect && options.Layers.Sweep)
            {
                await SweepAsync(engine, Report, cancellationToken);
            }

            if (options.ApplyManifests && options.Manifests.Count > 0)
            {
                await ManifestApplier.ApplyAsync(kubernetes, options, Report, cancellationToken);
            }

            return new InterceptCluster(
                $"context {context.Name} ({context.Configuration.Host}, Kubernetes {version})",
                kubernetes,
                new EngineInterceptor(engine),
                options,
                owned: engine);
        }
        catch
        {
            await engine.DisposeAsync();
            kubernetes.Dispose();
            throw;
        }

        void Report(string text) => options.Progress?.Report(new InterceptStep(options.TimeProvider.GetElapsedTime(begun), text));
    }

    private static async Task SweepAsync(InterceptEngine engine, Action<string> report, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var swept in await engine.SweepAsync([], SweepScope.Dead, thorough: false, progress: null, cancellationToken))
            {
                report($"closed what was left: {swept}");
            }
        }
        catch (InterceptException exception)
        {
            // What is left of others must not keep this run from its work; the opening on such a Service tries again, and fails with the reason.
            report($"what ended processes have left could not be closed: {exception.Message}");
        }
    }
}
