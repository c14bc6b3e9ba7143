using System.Text.Json.Nodes;
using Intercept.Engine.Api;

namespace Intercept.Engine.Journal;

/// <summary>Sessions as the custom resource. Its status is merged by the API server, so two writers never lose each other's fields.</summary>
internal sealed class CustomResourceStore(IClusterApi api, string namespaceName) : ISessionStore
{
    public Task<SessionResource> CreateAsync(SessionResource session, CancellationToken cancellationToken) =>
        api.CreateAsync(session, cancellationToken);

    public async Task<SessionResource?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var found = await api.FindAsync<SessionDocument>(namespaceName, name, cancellationToken);
        return found is null ? null : Read([found]).Sessions.SingleOrDefault();
    }

    /// <summary>All Sessions of a namespace, or of the cluster where it is null.</summary>
    public static async Task<JournalContent> ListAsync(IClusterApi api, string? namespaceName, CancellationToken cancellationToken) =>
        Read(await api.ListAsync<SessionDocument>(namespaceName, Labels.SelectAll, cancellationToken));

    public async Task<SessionResource?> PatchStatusAsync(SessionResource session, JsonObject mergePatch, CancellationToken cancellationToken)
    {
        while (await api.FindMetadataAsync<SessionDocument>(namespaceName, session.Metadata.Name, cancellationToken) is { } live
            && live.Metadata.Uid == session.Metadata.Uid)
        {
            // Only the version keeps this off a later participant's Session of the same name: of the uid the API server takes no
            // notice where a status is written.
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["uid"] = live.Metadata.Uid, ["resourceVersion"] = live.Metadata.ResourceVersion },
                ["status"] = mergePatch.DeepClone(),
            };
            try
            {
                var written = await api.PatchStatusAsync<SessionDocument>(namespaceName, session.Metadata.Name, patch, cancellationToken);
                return new SessionResource { Metadata = written.Metadata, Spec = session.Spec, Status = SessionText.ReadStatus(written.Status?.GetRawText()) };
            }
            catch (ApiException exception) when (exception.IsConflict || exception.IsNotFound)
            {
                // It changed since it was read: read it again.
            }
        }

        return null;
    }

    public Task DeleteAsync(SessionResource session, CancellationToken cancellationToken) => api.DeleteAsync(session, cancellationToken);

    private static JournalContent Read(IEnumerable<SessionDocument> found) => SessionText.ReadAll(
        JournalForm.CustomResource,
        found.Select(item => (item.Metadata, item.Spec?.GetRawText(), item.Status?.GetRawText())));
}
