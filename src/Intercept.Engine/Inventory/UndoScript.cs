using System.Text.Json.Nodes;
using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;

namespace Intercept.Engine.Inventory;

/// <summary>
/// The kubectl commands that undo participants' intercepts of one Service by hand, in the order of a close. Each command runs
/// only after the one before it has succeeded: the decoy must not go while the Service leads to the proxy.
/// </summary>
internal static class UndoScript
{
    private const string Sessions = $"{SessionResource.Plural}.{SessionResource.GroupName}";
    private const string AccountKinds = "rolebinding,role,serviceaccount";

    // Kinds in the order of their deletion, as kubectl calls them, and whether their objects go with the proxy's ConfigMap.
    private static readonly (string Kind, string Resource, bool IsAccount)[] Order =
    [
        ("Deployment", "deployment", false),
        ("ConfigMap", "configmap", false),
        ("RoleBinding", "rolebinding", true),
        ("Role", "role", true),
        ("ServiceAccount", "serviceaccount", true),
        ("Service", "service", false),
    ];

    /// <summary>The undo from what is in the cluster now.</summary>
    /// <param name="inventory">What is there.</param>
    /// <param name="service">The Service.</param>
    /// <param name="leaves">Which participants' intercepts to undo; what the others need stays.</param>
    public static IReadOnlyList<string> Create(ClusterInventory inventory, ServiceReference service, Func<Participant, bool> leaves)
    {
        var found = inventory.For(service);
        var live = found.Services.SingleOrDefault()?.ToLive();
        var record = live is null ? null : KnownRecord.Of(live, found.Journal.Sessions);
        if (live is not null && record is null && KnownRecord.IsMissing(live))
        {
            return [$"# What Service {service} was before is not known: neither its annotation {Labels.Record} nor a Session tells. Apply its own manifest first."];
        }

        var commands = new List<string>();
        if (live is not null && record is not null)
        {
            commands.AddRange(LeaveService(service, live, record, leaves));
        }

        commands.AddRange(RemoveObjects(service, found.Objects, leaves));
        if (live is not null)
        {
            commands.AddRange(RemoveFences(service, live, leaves));
            if (record?.Participants.All(leaves) != false && live.Fences.All(leaves))
            {
                var recorded = found.Journal.Sessions.Select(session => session.Spec.ManagedFields).OfType<JsonArray>().FirstOrDefault();
                commands.AddRange(PutFieldsBack(service, live, recorded ?? []));
            }
        }

        commands.AddRange(found.Objects
            .Where(item => item.IsSession && leaves(new Participant(item.Metadata.Name, item.Metadata.Uid)))
            .Select(item => Kubectl.Delete(item.Kind == SessionResource.KindName ? Sessions : "configmap", item.Metadata.Name, service.Namespace)));
        return Chain(commands);
    }

    /// <summary>
    /// The undo of a participant from its journal alone, for the Service as it is while this participant is the only one. Where
    /// others take part, or somebody edited the Service, its first command fails and nothing is changed.
    /// </summary>
    public static IReadOnlyList<string> Create(SessionResource session)
    {
        var spec = session.Spec;
        var service = ServiceReference.Parse($"{spec.Service.Namespace}/{spec.Service.Name}");
        var record = new ServiceRecord(ServiceRecord.CurrentVersion, spec.Hijack, spec.Original, [session.Participant]);
        var hijacked = new LiveService
        {
            Uid = spec.Service.Uid,
            ResourceVersion = string.Empty,
            Routing = spec.Hijack,
            Labels = new Dictionary<string, string> { [Labels.Hijacked] = "true" },
            Annotations = new Dictionary<string, string> { [Labels.Record] = record.ToJson() },
        };
        var (selector, namespaceName) = ($"{Labels.SelectAll},{Labels.Service}={Residue.OwnedMetadata.LabelValue(service.Name)}", service.Namespace);
        return Chain(
        [
            .. LeaveService(service, hijacked, record, participant => participant == session.Participant),
            Kubectl.Delete("deployment", spec.Residue.Deployment, namespaceName),
            Kubectl.Delete("configmap", spec.Residue.ConfigMap, namespaceName),

            // The cluster collects these with the ConfigMap; who may not delete them can go on.
            $"{{ {Kubectl.DeleteSelected(AccountKinds, selector, namespaceName)} || true; }}",
            Kubectl.Delete("service", spec.Residue.Decoy, namespaceName),
            .. PutFieldsBack(service, hijacked, spec.ManagedFields as JsonArray ?? []),
            Kubectl.Delete(session.Form == JournalForm.ConfigMap ? "configmap" : Sessions, session.Metadata.Name, namespaceName),
        ]);
    }

    /// <summary>Joins what must not run after a failure into one command of sh, a line each.</summary>
    private static IReadOnlyList<string> Chain(List<string> commands) =>
        [.. commands.Select((command, index) => index < commands.Count - 1 ? $"{command} &&" : command)];

    private static IEnumerable<string> LeaveService(
        ServiceReference service, LiveService live, ServiceRecord record, Func<Participant, bool> leaves)
    {
        var rest = record with { Participants = [.. record.Participants.Where(participant => !leaves(participant))] };
        if (rest.Participants.Count > 0 && rest.Participants.Count == record.Participants.Count)
        {
            yield break;
        }

        var guard = new JsonPatch().Test("/metadata/uid", live.Uid);
        if (live.Annotation(Labels.Record) is { } text)
        {
            guard.Test(AnnotationPath(Labels.Record), text);
        }

        if (rest.Participants.Count > 0)
        {
            yield return Kubectl.Patch("service", service.Name, service.Namespace, guard.SetAnnotation(live, Labels.Record, rest.ToJson()).ToJson());
            yield break;
        }

        guard.Test("/spec/selector", new JsonObject(live.Routing.Selector.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value))));
        foreach (var (index, _) in ThreeWayRestore.Ports(live.Routing, record))
        {
            guard.Test($"/spec/ports/{index}/port", live.Routing.Ports[index].Port);
        }

        var restore = ServicePatches.RestoreByHand(live.Routing, record)
            .RemoveAnnotation(live, Labels.Record)
            .RemoveLabel(live, Labels.Hijacked);
        yield return Kubectl.Patch("service", service.Name, service.Namespace, Join(guard, restore));

        // The nodes follow a change of endpoints a little later, and until then lead to the proxy.
        yield return "sleep 2";
    }

    private static IEnumerable<string> RemoveObjects(ServiceReference service, IReadOnlyList<OwnedObject> objects, Func<Participant, bool> leaves)
    {
        var here = objects.Where(item => !item.IsSession && item.Metadata.DeletionTimestamp is null).ToArray();
        var isShared = here.Any(item => item.Claims.Any(claim => !leaves(claim)));
        foreach (var (kind, resource, isAccount) in Order)
        {
            foreach (var item in here.Where(item => item.Kind == kind))
            {
                var claims = item.Claims.Where(claim => !leaves(claim)).ToArray();
                if (isAccount ? !isShared : claims.Length == 0)
                {
                    yield return Kubectl.Delete(resource, item.Metadata.Name, service.Namespace);
                }
                else if (claims.Length < item.Claims.Count)
                {
                    var patch = new JsonPatch()
                        .Test(AnnotationPath(Labels.Claims), item.Metadata.Annotations[Labels.Claims])
                        .Replace(AnnotationPath(Labels.Claims), ParticipantList.ToJson(claims));
                    yield return Kubectl.Patch(resource, item.Metadata.Name, service.Namespace, patch.ToJson());
                }
            }
        }
    }

    private static IEnumerable<string> RemoveFences(ServiceReference service, LiveService live, Func<Participant, bool> leaves)
    {
        var fences = live.Fences.Where(fence => !leaves(fence)).ToArray();
        if (live.Annotation(Labels.Fences) is { } text && fences.Length < live.Fences.Count)
        {
            var patch = new JsonPatch().Test(AnnotationPath(Labels.Fences), text);
            _ = fences.Length == 0
                ? patch.RemoveAnnotation(live, Labels.Fences)
                : patch.SetAnnotation(live, Labels.Fences, ParticipantList.ToJson(fences));
            yield return Kubectl.Patch("service", service.Name, service.Namespace, patch.ToJson());
        }
    }

    /// <summary>Gives back to their owners the fields that the hijack took, and that kubectl would own from now on.</summary>
    private static IEnumerable<string> PutFieldsBack(ServiceReference service, LiveService live, JsonArray recorded)
    {
        // Only a server-side apply minds who owns a field: from the journal alone, without what others own by now, it must be worth it.
        if (FieldOwnership.HasOurs(live.ManagedFields) || recorded.Any(entry => entry?["operation"]?.GetValue<string>() == "Apply"))
        {
            var patch = new JsonPatch()
                .Test("/metadata/uid", live.Uid)
                .Replace("/metadata/managedFields", FieldOwnership.PutBack(live.ManagedFields, recorded));
            yield return Kubectl.Patch("service", service.Name, service.Namespace, patch.ToJson());
        }
    }

    private static string AnnotationPath(string name) => $"/metadata/annotations/{name.Replace("/", "~1", StringComparison.Ordinal)}";

    private static JsonArray Join(JsonPatch one, JsonPatch other) =>
        [.. one.ToJson().Concat(other.ToJson()).Select(operation => operation?.DeepClone())];
}
