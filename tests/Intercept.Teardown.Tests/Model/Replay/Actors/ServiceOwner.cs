using Intercept.Engine.Journal;
using Intercept.Proxy.Protocol;
using Intercept.Teardown.Tests.Model.Transitions;
using k8s;
using k8s.Models;

namespace Intercept.Teardown.Tests.Model.Replay.Actors;

/// <summary>The owner of the Service: what kubectl sends.</summary>
internal sealed class ServiceOwner(Kubernetes client, ServiceReference service)
{
    /// <summary>The key of the selector that the model's two selectors differ in.</summary>
    public const string Key = "variant";

    private int _wanted;

    /// <summary>The Service, in a namespace of its own.</summary>
    public async Task<V1Service> CreateAsync(CancellationToken cancellationToken)
    {
        await client.CoreV1.CreateNamespaceAsync(
            new V1Namespace { Metadata = new V1ObjectMeta { Name = service.Namespace } }, cancellationToken: cancellationToken);
        return await client.CoreV1.CreateNamespacedServiceAsync(
            Manifest(), service.Namespace, fieldManager: "kubectl-create", cancellationToken: cancellationToken);
    }

    public Task ApplyAsync(Step step, Participant? sessionOfA, CancellationToken cancellationToken) => step switch
    {
        Step.ApplyUnchanged => MergeAsync("kubectl-client-side-apply", cancellationToken),
        Step.ApplyNewSelector => MergeOtherAsync("kubectl-client-side-apply", cancellationToken),
        Step.EditSelector => MergeOtherAsync("kubectl-edit", cancellationToken),
        Step.Replace => client.CoreV1.ReplaceNamespacedServiceAsync(
            Manifest(), service.Name, service.Namespace, fieldManager: "kubectl-replace", cancellationToken: cancellationToken),
        Step.DeleteSessionOfA => client.CustomObjects.DeleteNamespacedCustomObjectAsync(
            SessionResource.GroupName, SessionResource.VersionName, service.Namespace, SessionResource.Plural, sessionOfA!.Id, cancellationToken: cancellationToken),
        _ => throw new InvalidOperationException($"No owner makes {step}."),
    };

    private Task<V1Service> MergeOtherAsync(string manager, CancellationToken cancellationToken)
    {
        _wanted = 1;
        return MergeAsync(manager, cancellationToken);
    }

    private Task<V1Service> MergeAsync(string manager, CancellationToken cancellationToken) => client.CoreV1.PatchNamespacedServiceAsync(
        new V1Patch(new { spec = new { selector = Selector() } }, V1Patch.PatchType.MergePatch),
        service.Name,
        service.Namespace,
        fieldManager: manager,
        cancellationToken: cancellationToken);

    private V1Service Manifest() => new()
    {
        ApiVersion = V1Service.KubeApiVersion,
        Kind = V1Service.KubeKind,
        Metadata = new V1ObjectMeta { Name = service.Name, NamespaceProperty = service.Namespace },
        Spec = new V1ServiceSpec { Selector = Selector(), Ports = [new V1ServicePort { Name = "http", Port = 3010, TargetPort = 3010, Protocol = "TCP" }] },
    };

    private Dictionary<string, string> Selector() => new() { ["app"] = "leaf", [Key] = $"{_wanted}" };
}
