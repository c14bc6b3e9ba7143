using System.Text.Json.Nodes;

namespace Intercept.Embedded.ApiServer.Storage;

/// <summary>An entry of <c>metadata.ownerReferences</c>.</summary>
internal sealed record OwnerReference(string Uid, string Kind, string Name, bool BlocksOwnerDeletion)
{
    public static OwnerReference From(JsonObject json) =>
        new(json.Text("uid") ?? "", json.Text("kind") ?? "", json.Text("name") ?? "", json.Flag("blockOwnerDeletion") ?? false);
}
