using System.Text.Json.Nodes;
using Intercept.Engine.Api;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Journal;

/// <summary>
/// Sessions as ConfigMaps: what the custom resource would be, but for its metadata and status, in <c>data</c>, which is immutable; the status in an annotation, since metadata stays
/// mutable. The annotation is written by compare-and-swap, so two writers never lose each other's fields.
/// </summary>
internal sealed class ConfigMapStore(IClusterApi api, string namespaceName) : ISessionStore
{
    /// <summary>Key of the Session in the ConfigMap's data.</summary>
    public const string SessionKey = ProtocolNames.SessionData;

    /// <summary>Finds these ConfigMaps and not the proxy's, which are large.</summary>
    private const string Selector = $"{Labels.SelectAll},{Labels.Journal}=true";

    public async Task<SessionResource> CreateAsync(SessionResource session, CancellationToken cancellationToken)
    {
        var created = await api.CreateAsync(
            new V1ConfigMap
            {
                Metadata = new V1ObjectMeta
                {
                    Name = session.Metadata.Name,
                    NamespaceProperty = namespaceName,
                    Labels = new Dictionary<string, string>(session.Metadata.Labels) { [Labels.Journal] = "true" },
                    OwnerReferences = session.Metadata.OwnerReferences,
                },
                Data = new Dictionary<string, string> { [SessionKey] = SessionText.WriteWhole(session.Spec) },
                Immutable = true,
            },
            cancellationToken);
        return new SessionResource { Form = JournalForm.ConfigMap, Metadata = created.Metadata, Spec = session.Spec };
    }

    public async Task<SessionResource?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var found = await api.FindAsync<V1ConfigMap>(namespaceName, name, cancellationToken);
        return found is not null && IsJournal(found) ? Read([found]).Sessions.SingleOrDefault() : null;
    }

    /// <summary>All Sessions of a namespace, or of the cluster where it is null.</summary>
    public static async Task<JournalContent> ListAsync(IClusterApi api, string? namespaceName, CancellationToken cancellationToken) =>
        Read(await api.ListAsync<V1ConfigMap>(namespaceName, Selector, cancellationToken));

    public async Task<SessionResource?> PatchStatusAsync(
        SessionResource session, JsonObject mergePatch, bool unlessClosing, CancellationToken cancellationToken)
    {
        while (true)
        {
            var live = await api.FindMetadataAsync<V1ConfigMap>(namespaceName, session.Metadata.Name, cancellationToken);
            if (live?.Metadata.Uid != session.Metadata.Uid)
            {
                return null;
            }

            var found = live.ToLive().Annotation(Labels.Status);
            if (unlessClosing && WithStatus(live.Metadata, session, found) is { IsClosing: true } closing)
            {
                return closing;
            }

            try
            {
                return await MergeAsync(session, live.Metadata, found, mergePatch, cancellationToken);
            }
            catch (ApiException exception) when (exception.IsConflict || exception.IsNotFound)
            {
                // It changed since it was read: read again and merge anew.
            }
        }
    }

    public async Task<bool> TryPatchStatusAsync(SessionResource seen, JsonObject mergePatch, CancellationToken cancellationToken)
    {
        try
        {
            var metadata = new V1ConfigMap { Metadata = seen.Metadata };
            await MergeAsync(seen, seen.Metadata, metadata.ToLive().Annotation(Labels.Status), mergePatch, cancellationToken);
            return true;
        }
        catch (ApiException exception) when (exception.IsConflict || exception.IsNotFound)
        {
            return false;
        }
    }

    public Task DeleteAsync(SessionResource session, CancellationToken cancellationToken) =>
        api.DeleteAsync(new V1ConfigMap { Metadata = session.Metadata }, cancellationToken);

    private static bool IsJournal(V1ConfigMap found) => found.Metadata.Labels?.TryGetValue(Labels.Journal, out _) == true;

    private static SessionResource WithStatus(V1ObjectMeta metadata, SessionResource session, string? status) => new()
    {
        Form = JournalForm.ConfigMap,
        Metadata = metadata,
        Spec = session.Spec,
        Status = SessionText.ReadStatus(status),
    };

    private static string Merge(string? live, JsonObject mergePatch)
    {
        var merged = SessionText.ReadStatus(live) is null ? [] : (JsonObject)JsonNode.Parse(live!)!;
        foreach (var (name, value) in mergePatch)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = value.DeepClone();
            }
        }

        return merged.ToJsonString();
    }

    private async Task<SessionResource> MergeAsync(
        SessionResource session, V1ObjectMeta version, string? before, JsonObject mergePatch, CancellationToken cancellationToken)
    {
        var live = new V1ConfigMap { Metadata = version }.ToLive();
        var status = Merge(before, mergePatch);
        var written = await api.PatchAsync<V1ConfigMap>(
            namespaceName, session.Metadata.Name, JsonPatch.For(live).SetAnnotation(live, Labels.Status, status), cancellationToken);
        return WithStatus(written.Metadata, session, status);
    }

    private static JournalContent Read(IEnumerable<V1ConfigMap> found) => SessionText.ReadAll(
        JournalForm.ConfigMap,
        found.Select(item => (
            item.Metadata,
            SessionText.FindSpec(item.Data?.TryGetValue(SessionKey, out var session) == true ? session : null),
            item.ToLive().Annotation(Labels.Status))));
}
