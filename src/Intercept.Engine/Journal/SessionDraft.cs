using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Intercept.Engine.Hijacking;
using Intercept.Engine.Records;
using Intercept.Engine.Residue;
using Intercept.Proxy.Protocol;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Journal;

/// <summary>Makes the journal of an intercept that is about to be opened.</summary>
internal static class SessionDraft
{
    /// <param name="service">The Service as it is now.</param>
    /// <param name="plan">What the intercept shall be.</param>
    /// <param name="names">Names of what it needs.</param>
    /// <param name="witness">A Session that tells who owned the Service's fields before any intercept, where the Service doesn't any more.</param>
    /// <param name="time">For the holder's entry.</param>
    public static SessionResource Create(V1Service service, InterceptPlan plan, InterceptNames names, SessionResource? witness, TimeProvider time)
    {
        var record = service.ReadRecord();
        return new SessionResource
        {
            Metadata = OwnedMetadata.For(service),
            Spec = new SessionSpec
            {
                Nonce = RandomHex(16),
                Service = new SessionTarget(plan.Service.Namespace, plan.Service.Name, service.Metadata.Uid),
                Original = record?.Original ?? service.ToRouting(),
                Hijack = record?.Hijack ?? HijackRouting.For(service, names, SelectorStyles.For(service, plan.SelectorStyle)),
                ManagedFields = NeedsWitness(service) ? witness?.Spec.ManagedFields?.DeepClone() : ToNode(service.Metadata.ManagedFields),
                RestoreService = RestoreFor(service, record),
                Residue = new SessionResidue(names.Interceptor, names.Interceptor, names.Decoy),
                Claim = new SessionClaim(
                    plan.Rule.Name,
                    plan.Rule.Value,
                    plan.Rule.IsAllTraffic ? HeaderRule.DefaultName : plan.Rule.Name,
                    $"t-{RandomHex(8)}-"),
                Holder = SessionHolder.Current(plan.Holder, time),
                TtlSeconds = Math.Max(1, (int)plan.TimeToLive.TotalSeconds),
            },
        };
    }

    /// <summary>
    /// Whether the Service itself no longer tells who owned its fields: it is hijacked, or was a moment ago and is not put
    /// back completely.
    /// </summary>
    public static bool NeedsWitness(V1Service service) =>
        service.ReadRecord() is not null || FieldOwnership.HasOurs(service.ToLive().ManagedFields);

    /// <summary>Random bytes as lower-case hexadecimal digits, two for each.</summary>
    public static string RandomHex(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));

    private static RestoreService RestoreFor(V1Service service, ServiceRecord? record) => new(
        (record is null ? RestoreAsItIs(service) : ServicePatches.RestoreByHand(service.ToRouting(), record)).ToJson(),
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = new JsonObject
            {
                ["name"] = service.Metadata.Name,
                ["namespace"] = service.Metadata.NamespaceProperty,
            },
        });

    /// <summary>The undo of a hijack that is still to come, in the original's form.</summary>
    private static JsonPatch RestoreAsItIs(V1Service service) => new JsonPatch()
        .Replace("/spec/selector", service.ToRouting().Selector)
        .Replace("/spec/ports", JsonSerializer.Deserialize<JsonNode>(KubernetesJson.Serialize(service.Spec.Ports))!);

    private static JsonNode? ToNode(IList<V1ManagedFieldsEntry>? entries) =>
        entries is null ? null : JsonSerializer.Deserialize<JsonNode>(KubernetesJson.Serialize(entries));
}
