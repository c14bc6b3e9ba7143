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
            return await MergeStatusAsync(session, mergePatch, version: null, cancellationToken);
        }

        while (await FindAsync(session.Metadata.Name, cancellationToken) is { } live && live.Metadata.Uid == session.Metadata.Uid)
        {
            if (live.IsClosing)
            {
                return live;
            }

            try
            {
                return await MergeStatusAsync(session, mergePatch, live.Metadata.ResourceVersion, cancellationToken);
            }
            catch (ApiException exception) when (exception.IsConflict)
            {
                // A heartbeat, or the mark of a closing: read again.
            }
        }

        return null;
    }

    public Task DeleteAsync(SessionResource session, CancellationToken cancellationToken) => api.DeleteAsync(session, cancellationToken);

    private async Task<SessionResource?> MergeStatusAsync(
        SessionResource session, JsonObject mergePatch, string? version, CancellationToken cancellationToken)
    {
        // By its uid: where somebody deleted it, another participant may bear its name by now.
        var metadata = new JsonObject { ["uid"] = session.Metadata.Uid };
        if (version is not null)
        {
            metadata["resourceVersion"] = version;
        }

        try
        {
            var live = await api.PatchStatusAsync<SessionDocument>(
                namespaceName,
                session.Metadata.Name,
                new JsonObject { ["metadata"] = metadata, ["status"] = mergePatch.DeepClone() },
                cancellationToken);
            return new SessionResource { Metadata = live.Metadata, Spec = session.Spec, Status = SessionText.ReadStatus(live.Status?.GetRawText()) };
        }
        catch (ApiException exception) when (exception.IsConflict || exception.IsInvalid)
        {
            if ((await api.FindMetadataAsync<SessionDocument>(namespaceName, session.Metadata.Name, cancellationToken))?.Metadata.Uid != session.Metadata.Uid)
            {
                return null;
            }

            throw;
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
