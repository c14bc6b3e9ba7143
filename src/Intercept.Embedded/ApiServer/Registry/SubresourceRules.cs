using System.Text.Json.Nodes;

namespace Intercept.Embedded.ApiServer.Registry;

/// <summary>A write of the object leaves its status alone, a write of its status leaves the rest alone.</summary>
internal static class SubresourceRules
{
    private static readonly string[] StatusWritable = ["labels", "annotations", "finalizers", "ownerReferences", "managedFields"];

    public static void KeepOtherHalf(JsonObject next, JsonObject previous, RequestScope scope)
    {
        if (!scope.Resource.HasStatus)
        {
            return;
        }

        if (scope.Subresource != "status")
        {
            Restore(next, previous, "status");
            return;
        }

        foreach (var field in next.Select(pair => pair.Key).Union(previous.Select(pair => pair.Key)).ToList())
        {
            if (field is not ("status" or "metadata"))
            {
                Restore(next, previous, field);
            }
        }

        var metadata = previous.Metadata().DeepClone().AsObject();
        if (scope.Resource.Strategy.StatusWritesMetadata)
        {
            foreach (var field in StatusWritable)
            {
                Restore(metadata, next.Metadata(), field);
            }
        }

        next["metadata"] = metadata;
    }

    private static void Restore(JsonObject to, JsonObject from, string field)
    {
        if (from[field] is { } value)
        {
            to[field] = value.DeepClone();
        }
        else
        {
            to.Remove(field);
        }
    }
}
