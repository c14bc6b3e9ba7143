using System.Text.Json;
using System.Text.Json.Nodes;
using Intercept.Engine;
using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using Intercept.Engine.Readiness;
using Intercept.Proxy.Protocol;
using Intercept.Teardown.Tests.Model.Transitions;
using k8s;
using k8s.Models;

namespace Intercept.Teardown.Tests.Model.Replay.Stepping;

/// <summary>
/// The API of one process: each of its calls waits until the model makes the step that it belongs to. Whether pods are ready is
/// no part of the model: those who wait for it are told what they want to hear.
/// </summary>
internal sealed class SteppedApi(IClusterApi inner, InterceptNames names, ServiceReference service, bool isClosing) : IClusterApi
{
    private const string ProxyAddress = "10.0.0.1";

    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where the flow stands.</summary>
    public FlowPlace Place { get; } = new(isClosing);

    /// <summary>Holds the flow.</summary>
    public StepGate Gate { get; } = new();

    /// <summary>Holds the watch on the Service.</summary>
    public StepGate Watch { get; } = new();

    /// <summary>Holds the heartbeat.</summary>
    public StepGate Heartbeat { get; } = new();

    /// <summary>While the guard is at work its process makes no step of its own; the guard's calls pass.</summary>
    public bool IsGuarding { get; set; }

    /// <summary>The process has ended.</summary>
    public void End()
    {
        _end.TrySetCanceled();
        Gate.End();
        Watch.End();
        Heartbeat.End();
    }

    public async Task<T?> FindAsync<T>(string? namespaceName, string name, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        await PassAsync<T>(CallVerb.Read, name, cancellationToken);
        return await inner.FindAsync<T>(namespaceName, name, cancellationToken);
    }

    public async Task<T?> FindMetadataAsync<T>(string? namespaceName, string name, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        // Who asks for the Service's metadata alone wants to know whether it is there.
        if (name != service.Name)
        {
            await PassAsync<T>(CallVerb.Read, name, cancellationToken);
        }

        return await inner.FindMetadataAsync<T>(namespaceName, name, cancellationToken);
    }

    public Task<IReadOnlyList<T>> ListAsync<T>(string? namespaceName, string? labelSelector, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => typeof(T) == typeof(V1Pod)
        ? Task.FromResult<IReadOnlyList<T>>([(T)(object)ReadyProxy()])
        : inner.ListAsync<T>(namespaceName, labelSelector, cancellationToken);

    public async Task<T> CreateAsync<T>(T resource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        await PassAsync<T>(CallVerb.Write, resource.Metadata.Name, cancellationToken);
        return await inner.CreateAsync(resource, cancellationToken);
    }

    public async Task<T> PatchAsync<T>(string? namespaceName, string name, JsonPatch patch, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        await PassAsync<T>(CallVerb.Write, name, cancellationToken);
        return await inner.PatchAsync<T>(namespaceName, name, patch, cancellationToken);
    }

    public async Task<T> PatchStatusAsync<T>(string? namespaceName, string name, object mergePatch, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var status = JsonSerializer.SerializeToNode(mergePatch)?["status"] as JsonObject;
        if (status?.ContainsKey("heartbeat") == true)
        {
            await Heartbeat.PassAsync(Step.NoticeClosed, cancellationToken);
        }
        else
        {
            var isMark = status?["phase"]?.ToString() == nameof(SessionPhase.Closing);
            await PassAsync<T>(isMark ? CallVerb.Mark : CallVerb.Write, name, cancellationToken);
        }

        return await inner.PatchStatusAsync<T>(namespaceName, name, mergePatch, cancellationToken);
    }

    public async Task<bool> DeleteAsync<T>(T resource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        await PassAsync<T>(CallVerb.Delete, resource.Metadata.Name, cancellationToken);
        return await inner.DeleteAsync(resource, cancellationToken);
    }

    public async Task<IReadOnlyList<T>> WaitAsync<T>(
        string namespaceName, string? labelSelector, Func<IReadOnlyList<T>, bool> condition, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        object there = typeof(T) == typeof(V1Pod) ? ReadyProxy() : SliceOfProxy();
        if (there is T answer)
        {
            return new[] { (IReadOnlyList<T>)[answer], [] }.First(condition);
        }

        // Nobody deletes Deployment or decoy in the model: who watches them hears nothing.
        await (labelSelector == $"{Labels.Hijacked}=true" ? Watch.PassAsync(Step.AdoptDrift, cancellationToken) : _end.Task.WaitAsync(cancellationToken));
        return await inner.WaitAsync(namespaceName, labelSelector, condition, cancellationToken);
    }

    private Task PassAsync<T>(CallVerb verb, string name, CancellationToken cancellationToken) =>
        IsGuarding && verb != CallVerb.Mark ? Task.CompletedTask : PassAsync(verb, SubjectOf(typeof(T), name), cancellationToken);

    /// <summary>A Session is read before each write of its status, also by the heartbeat, which is no part of the flow.</summary>
    private Task PassAsync(CallVerb verb, CallSubject subject, CancellationToken cancellationToken) =>
        subject == CallSubject.Session && verb == CallVerb.Read && !Place.Verifies
            ? Task.CompletedTask
            : Gate.PassAsync(Place.Of(verb, subject), cancellationToken);

    private CallSubject SubjectOf(Type type, string name) =>
        name == names.Decoy ? CallSubject.Decoy
        : name == names.Interceptor ? type == typeof(V1Deployment) || type == typeof(V1ConfigMap) ? CallSubject.Proxy : CallSubject.Other
        : type == typeof(V1Service) ? CallSubject.Service
        : type == typeof(SessionResource) || type == typeof(SessionDocument) || type == typeof(V1ConfigMap) ? CallSubject.Session
        : CallSubject.Other;

    private V1Pod ReadyProxy() => new()
    {
        Metadata = new V1ObjectMeta { Name = names.Interceptor, NamespaceProperty = service.Namespace },
        Status = new V1PodStatus { PodIP = ProxyAddress, Conditions = [new V1PodCondition { Type = "Ready", Status = "True" }] },
    };

    private V1EndpointSlice SliceOfProxy() => new()
    {
        AddressType = "IPv4",
        Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { [ServiceEndpoints.ServiceNameLabel] = service.Name } },
        Endpoints = [new V1Endpoint { Addresses = [ProxyAddress] }],
    };
}
