using Intercept.Engine.Api;
using Intercept.Engine.Inventory;
using Intercept.Engine.Journal;
using Intercept.Engine.Records;

namespace Intercept.Engine.Closing;

/// <summary>Tells what of an intercept is still in the cluster after a close that failed, and how to undo it by hand.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What there is, and why the close failed; best effort, since the API may be what failed.</summary>
    /// <param name="scope">The Service.</param>
    /// <param name="cause">Why the close failed.</param>
    /// <param name="session">The participant's journal; null where it is not known whether it was written.</param>
    public static async Task<string> DescribeAsync(ServiceScope scope, Exception cause, SessionResource? session)
    {
        using var timeout = new CancellationTokenSource(Patience, scope.Time);
        string found;
        IReadOnlyList<string> undo;
        try
        {
            var inventory = await ClusterInventory.ReadAsync(scope.Api, scope.Service.Namespace, [scope.Service], timeout.Token);
            found = Describe(inventory.For(scope.Service), scope.Service);
            undo = session is null ? [] : UndoScript.Create(inventory, scope.Service, participant => participant == session.Participant);
        }
        catch (Exception exception) when (exception is ApiException or InterceptException or OperationCanceledException)
        {
            var why = exception is OperationCanceledException ? $"there was no answer within {Patience.TotalSeconds:0} s" : exception.Message;
            found = $"What is left could not be read: {why}";
            undo = session is null ? [] : UndoScript.Create(session);
        }

        return $"""
            The close failed: {(cause is OperationCanceledException ? $"it was cancelled, or not done in time ({nameof(InterceptTimeouts)}.{nameof(InterceptTimeouts.Close)})" : cause.Message)}
            {found}
            Look with: kubectl get sessions,deployments,configmaps,services -n {scope.Service.Namespace} -l {Labels.SelectAll}
            {string.Join($"{Environment.NewLine}  ", undo.Prepend(undo.Count == 0 ? "The Service's original stands in its Session under spec.restore-service." : "To undo it by hand:"))}
            """;
    }

    private static string Describe(ClusterInventory found, ServiceReference service)
    {
        var live = found.Services.SingleOrDefault()?.ToLive();
        var isHijacked = live is not null
            && (KnownRecord.Of(live, found.Journal.Sessions) is { } record ? KnownRecord.IsHijacked(live, record) : KnownRecord.IsMissing(live));
        var names = found.Objects.Select(item => $"{item.Kind} {item.Metadata.Name}").DefaultIfEmpty("nothing");
        return $"Service {service} is {(live is null ? "gone" : isHijacked ? "still hijacked" : "not hijacked")}; of ours there is: {string.Join(", ", names)}.";
    }
}
