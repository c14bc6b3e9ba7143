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

    public Task<SessionResource?> PatchStatusAsync(SessionResource session, JsonObject mergePatch, CancellationToken cancellationToken) =>
        MergeAsync(session, new JsonObject { ["status"] = mergePatch.DeepClone() }, cancellationToken);

    public async Task<SessionResource?> PatchStatusUnlessClosingAsync(SessionResource session, JsonObject mergePatch, CancellationToken cancellationToken)
    {
        while (true)
        {
            var live = await FindAsync(session.Metadata.Name, cancellationToken);
            if (live?.Metadata.Uid != session.Metadata.Uid || live.Status?.Phase == nameof(SessionPhase.Closing))
            {
                return live?.Metadata.Uid == session.Metadata.Uid ? live : null;
            }

            try
            {
                var seen = new JsonObject { ["uid"] = live.Metadata.Uid, ["resourceVersion"] = live.Metadata.ResourceVersion };
                return await MergeAsync(session, new JsonObject { ["metadata"] = seen, ["status"] = mergePatch.DeepClone() }, cancellationToken);
            }
            catch (ApiException exception) when (exception.IsConflict)
            {
                // It changed since it was read: read again.
            }
        }
    }

    public Task DeleteAsync(SessionResource session, CancellationToken cancellationToken) => api.DeleteAsync(session, cancellationToken);

    private async Task<SessionResource?> MergeAsync(SessionResource session, JsonObject mergePatch, CancellationToken cancellationToken)
    {
        try
        {
            var live = await api.PatchStatusAsync<SessionDocument>(namespaceName, session.Metadata.Name, mergePatch, cancellationToken);
            return live.Metadata.Uid == session.Metadata.Uid
                ? new SessionResource { Metadata = live.Metadata, Spec = session.Spec, Status = SessionText.ReadStatus(live.Status?.GetRawText()) }
                : null;
        }
        catch (ApiException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    private static JournalContent Read(IEnumerable<SessionDocument> found) => SessionText.ReadAll(
        JournalForm.CustomResource,
        found.Select(item => (item.Metadata, item.Spec?.GetRawText(), item.Status?.GetRawText())));
}
