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

    public async Task<SessionResource?> PatchStatusAsync(
        SessionResource session, JsonObject mergePatch, bool unlessClosing, CancellationToken cancellationToken)
    {
        if (!unlessClosing)
        {
            return await MergeStatusAsync(session, new JsonObject { ["status"] = mergePatch.DeepClone() }, cancellationToken);
        }

        while (await FindAsync(session.Metadata.Name, cancellationToken) is { } live && live.Metadata.Uid == session.Metadata.Uid)
        {
            if (live.IsClosing)
            {
                return live;
            }

            try
            {
                var guarded = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["resourceVersion"] = live.Metadata.ResourceVersion },
                    ["status"] = mergePatch.DeepClone(),
                };
                return await MergeStatusAsync(session, guarded, cancellationToken);
            }
            catch (ApiException exception) when (exception.IsConflict)
            {
                // A heartbeat, or the mark of a closing: read again.
            }
        }

        return null;
    }

    public Task DeleteAsync(SessionResource session, CancellationToken cancellationToken) => api.DeleteAsync(session, cancellationToken);

    private async Task<SessionResource?> MergeStatusAsync(SessionResource session, JsonObject mergePatch, CancellationToken cancellationToken)
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
