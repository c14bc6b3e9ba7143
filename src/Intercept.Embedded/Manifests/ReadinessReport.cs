using System.Text;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.Node;
using k8s.Models;

namespace Intercept.Embedded.Manifests;

/// <summary>Which Deployments of a namespace are not available, and why, in words for the author of a test.</summary>
internal sealed class ReadinessReport(ILocalApi api, PodTable pods)
{
    private const int LogLines = 10;

    public IReadOnlyList<V1Deployment> NotReady(string namespaceName) =>
        [.. api.List<V1Deployment>(namespaceName).Where(deployment => !IsReady(deployment))];

    public string Describe(string namespaceName, TimeSpan waited)
    {
        var text = new StringBuilder($"Not every Deployment in namespace {namespaceName} is available after {waited.TotalSeconds:0.#} s:");
        foreach (var deployment in NotReady(namespaceName))
        {
            text.Append($"\n  Deployment {deployment.Metadata.Name}: {deployment.Status?.AvailableReplicas ?? 0} of {deployment.Spec.Replicas ?? 1} available");
            foreach (var pod in api.List<V1Pod>(namespaceName).Where(pod => Controllers.Selectors.Matches(deployment.Spec.Selector, pod.Metadata.Labels)))
            {
                Describe(text, pod);
            }
        }

        return text.Append("\nEmbeddedClusterOptions.ReadyTimeout sets how long to wait.").ToString();
    }

    private static bool IsReady(V1Deployment deployment)
    {
        var desired = deployment.Spec.Replicas ?? 1;
        return deployment.Status is { } status
            && status.ObservedGeneration >= deployment.Metadata.Generation
            && (status.UpdatedReplicas ?? 0) == desired
            && (status.Replicas ?? 0) == desired
            && (status.AvailableReplicas ?? 0) >= desired;
    }

    private void Describe(StringBuilder text, V1Pod pod)
    {
        text.Append($"\n    pod {pod.Metadata.Name}: {pod.Status?.Phase ?? "Pending"}");
        foreach (var container in pod.Status?.ContainerStatuses ?? [])
        {
            var (reason, message) = container.State switch
            {
                { Waiting: { } waiting } => (waiting.Reason, waiting.Message),
                { Terminated: { } terminated } => ($"{terminated.Reason} (exit code {terminated.ExitCode})", terminated.Message),
                _ => (container.Ready ? "ready" : "running, not ready", pod.Status!.Conditions?.FirstOrDefault(condition => condition.Type == "Ready")?.Message),
            };
            text.Append($"\n      container {container.Name} ({container.Image}): {reason}{(message is null ? "" : $": {message}")}, restarts: {container.RestartCount}");
        }

        foreach (var line in pods.Find(pod.Metadata.Uid)?.Log.Tail(LogLines) ?? [])
        {
            text.Append($"\n      | {line}");
        }
    }
}
