using System.Text.Json.Nodes;

namespace Intercept.Engine.Journal;

/// <summary>Where the Sessions of one namespace are kept. Both forms of store can be read at once.</summary>
internal interface ISessionStore
{
    /// <summary>Writes a new Session.</summary>
    /// <exception cref="Api.ApiException">Its name is taken (AlreadyExists), or this form is not to be had (NotFound).</exception>
    Task<SessionResource> CreateAsync(SessionResource session, CancellationToken cancellationToken);

    /// <summary>The Session of this name; null where there is none, or one that can't be read.</summary>
    Task<SessionResource?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Merges into the status (RFC 7386).</summary>
    /// <param name="session">The Session, as its uid tells.</param>
    /// <param name="mergePatch">What to merge.</param>
    /// <param name="unlessClosing">Whether to leave a Session alone that says that it is being closed.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    /// <returns>The Session as it is now; null where it is gone.</returns>
    Task<SessionResource?> PatchStatusAsync(SessionResource session, JsonObject mergePatch, bool unlessClosing, CancellationToken cancellationToken);

    /// <summary>Merges into the status of exactly this version of the Session.</summary>
    /// <returns>Whether it was still that version.</returns>
    Task<bool> TryPatchStatusAsync(SessionResource seen, JsonObject mergePatch, CancellationToken cancellationToken);

    /// <summary>Deletes exactly this Session in this version; nothing where it is gone already.</summary>
    /// <exception cref="Api.ApiException">It has changed (Conflict).</exception>
    Task DeleteAsync(SessionResource session, CancellationToken cancellationToken);
}
