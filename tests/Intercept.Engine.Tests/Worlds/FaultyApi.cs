using System.Net;
using Intercept.Engine.Api;
using Intercept.Proxy.Protocol;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Tests.Worlds;

/// <summary>What happens to one call.</summary>
internal enum Fault
{
    /// <summary>The call fails and has no effect.</summary>
    BeforeItIsApplied,

    /// <summary>The call has its effect, but its answer is lost.</summary>
    AfterItWasApplied,
}

/// <summary>An API of which one call, chosen by its place in the sequence, fails for good; all later ones work.</summary>
internal sealed class FaultyApi(IClusterApi inner, int failingCall, Fault fault, Action? atCall = null) : IClusterApi
{
    private volatile bool _isDisarmed;
    private int _calls;

    /// <summary>How many calls were made.</summary>
    public int Calls => _calls;

    /// <summary>From now on every call works.</summary>
    public void Disarm() => _isDisarmed = true;

    public Task<T?> FindAsync<T>(string? namespaceName, string name, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        CallAsync(() => inner.FindAsync<T>(namespaceName, name, cancellationToken));

    public Task<T?> FindMetadataAsync<T>(string? namespaceName, string name, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        CallAsync(() => inner.FindMetadataAsync<T>(namespaceName, name, cancellationToken));

    public Task<IReadOnlyList<T>> ListAsync<T>(string? namespaceName, string? labelSelector, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        CallAsync(() => inner.ListAsync<T>(namespaceName, labelSelector, cancellationToken));

    public Task<T> CreateAsync<T>(T resource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        CallAsync(() => inner.CreateAsync(resource, cancellationToken));

    public Task<T> PatchAsync<T>(string? namespaceName, string name, JsonPatch patch, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        CallAsync(() => inner.PatchAsync<T>(namespaceName, name, patch, cancellationToken));

    public Task<T> PatchStatusAsync<T>(string? namespaceName, string name, object mergePatch, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        CallAsync(() => inner.PatchStatusAsync<T>(namespaceName, name, mergePatch, cancellationToken));

    public Task<bool> DeleteAsync<T>(T resource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        CallAsync(() => inner.DeleteAsync(resource, cancellationToken));

    public Task<IReadOnlyList<T>> WaitAsync<T>(
        string namespaceName, string? labelSelector, Func<IReadOnlyList<T>, bool> condition, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        CallAsync(() => inner.WaitAsync(namespaceName, labelSelector, condition, cancellationToken));

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        var number = Interlocked.Increment(ref _calls);
        if (number != failingCall || _isDisarmed)
        {
            return await call();
        }

        atCall?.Invoke();
        if (fault == Fault.AfterItWasApplied)
        {
            await call();
        }

        throw new ApiException($"call {number}", HttpStatusCode.InternalServerError, null, "injected by the test");
    }
}
