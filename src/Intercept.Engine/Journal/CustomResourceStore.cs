using System.Text.Json.Nodes;
using Intercept.Engine.Api;
using k8s.Models;

namespace Intercept.Engine.Journal;

/// <summary>Sessions as the custom resource.</summary>
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
        while (await FindAsync(session.Metadata.Name, cancellationToken) is { } live && live.Metadata.Uid == session.Metadata.Uid)
        {
            if (unlessClosing && live.IsClosing)
            {
                return live;
            }

            try
            {
                return await MergeAsync(session, live.Metadata, mergePatch, cancellationToken);
            }
            catch (ApiException exception) when (exception.IsConflict || exception.IsNotFound)
            {
                // A heartbeat, or the mark of a closing, since it was read: read it again.
            }
            catch (ApiException exception) when (exception.IsInvalid)
            {
                if (!await IsReplacedAsync(session, cancellationToken))
                {
                    throw;
                }
            }
        }

        return null;
    }

    public async Task<bool> TryPatchStatusAsync(SessionResource seen, JsonObject mergePatch, CancellationToken cancellationToken)
    {
        try
        {
            await MergeAsync(seen, seen.Metadata, mergePatch, cancellationToken);
            return true;
        }
        catch (ApiException exception) when (exception.IsConflict || exception.IsNotFound)
        {
            return false;
        }
        catch (ApiException exception) when (exception.IsInvalid)
        {
            if (await IsReplacedAsync(seen, cancellationToken))
            {
                return false;
            }

            throw;
        }
    }

    public Task DeleteAsync(SessionResource session, CancellationToken cancellationToken) => api.DeleteAsync(session, cancellationToken);

    /// <summary>Whether a later participant's Session has come under the name: an API server may refuse its uid before it looks at the version.</summary>
    private async Task<bool> IsReplacedAsync(SessionResource session, CancellationToken cancellationToken) =>
        (await FindAsync(session.Metadata.Name, cancellationToken))?.Metadata.Uid != session.Metadata.Uid;

    private async Task<SessionResource> MergeAsync(
        SessionResource session, V1ObjectMeta version, JsonObject mergePatch, CancellationToken cancellationToken)
    {
        // Only the version keeps this off a later participant's Session of the same name: of the uid the API server takes no
        // notice where a status is written.
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = version.Uid, ["resourceVersion"] = version.ResourceVersion },
            ["status"] = mergePatch.DeepClone(),
        };
        var written = await api.PatchStatusAsync<SessionDocument>(namespaceName, session.Metadata.Name, patch, cancellationToken);
        return new SessionResource { Metadata = written.Metadata, Spec = session.Spec, Status = SessionText.ReadStatus(written.Status?.GetRawText()) };
    }

    private static JournalContent Read(IEnumerable<SessionDocument> found) => SessionText.ReadAll(
        JournalForm.CustomResource,
        found.Select(item => (item.Metadata, item.Spec?.GetRawText(), item.Status?.GetRawText())));
}
