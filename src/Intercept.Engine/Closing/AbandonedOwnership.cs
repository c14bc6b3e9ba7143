using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Closing;

/// <summary>
/// Our name among the owners of a Service's fields, although nobody intercepts it and no Session is left that tells who owned
/// them before: somebody deleted it in the moment between the restore and the end of a close that was cut off.
/// </summary>
internal static class AbandonedOwnership
{
    private static readonly Participant Nobody = new(string.Empty, string.Empty);

    /// <summary>Takes our name away; the fields are nobody's then, so that their owner's next apply meets no conflict.</summary>
    /// <param name="scope">The Service.</param>
    /// <param name="service">The Service as it was read before this.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether there was one.</returns>
    public static async Task<bool> ClearAsync(ServiceScope scope, V1Service service, CancellationToken cancellationToken)
    {
        var live = service.ToLive();
        if (service.ReadRecord() is not null || live.Fences.Count > 0 || !FieldOwnership.HasOurs(live.ManagedFields))
        {
            return false;
        }

        // Who closes deletes its Session last: while there is one, somebody will do this who knows the owners.
        var journal = await scope.Journal.ReadAsync(cancellationToken);
        if (journal.Sessions.Count > 0 || journal.Unreadable.Count > 0)
        {
            return false;
        }

        var target = new SessionTarget(scope.Service.Namespace, scope.Service.Name, live.Uid);
        await scope.Hijacker.CleanAsync(target, Nobody, managedFields: null, cancellationToken);
        return true;
    }
}
