using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Intercept.Embedded.ApiServer.Registry;

/// <summary>The part of metadata that the server writes itself.</summary>
internal static class ObjectMetadata
{
    // The alphabet of Kubernetes' generated names: no vowels and nothing that can be mistaken, so that no words come out.
    private const string SuffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";

    private const int SuffixLength = 5;

    private const int GeneratedNameLimit = 63;

    private static readonly string[] Order =
    [
        "name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers", "managedFields",
    ];

    private static readonly string[] ServerOwned = ["uid", "resourceVersion", "selfLink", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"];

    private static readonly string[] Kept = ["uid", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "namespace"];

    public static string RandomSuffix() => RandomNumberGenerator.GetString(SuffixAlphabet, SuffixLength);

    /// <summary>Makes the metadata of an object that is about to be created.</summary>
    public static void Begin(JsonObject json, string? namespaceName, bool countsGenerations, TimeProvider time)
    {
        var metadata = json.Metadata();
        foreach (var field in ServerOwned)
        {
            metadata.Remove(field);
        }

        if (string.IsNullOrEmpty(metadata.Text("name")) && metadata.Text("generateName") is { Length: > 0 } prefix)
        {
            var limit = GeneratedNameLimit - SuffixLength;
            metadata["name"] = (prefix.Length > limit ? prefix[..limit] : prefix) + RandomSuffix();
        }

        if (namespaceName is null)
        {
            metadata.Remove("namespace");
        }
        else
        {
            metadata["namespace"] = namespaceName;
        }

        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = ApiJson.Timestamp(time.GetUtcNow());
        if (countsGenerations)
        {
            metadata["generation"] = 1;
        }
    }

    /// <summary>Puts back what an update cannot change.</summary>
    public static void Keep(JsonObject next, JsonObject previous)
    {
        var metadata = next.Metadata();
        var before = previous.Metadata();
        metadata["name"] = before.Text("name");
        metadata["resourceVersion"] = before.Text("resourceVersion");
        metadata.Remove("selfLink");
        foreach (var field in Kept)
        {
            if (before[field] is { } value)
            {
                metadata[field] = value.DeepClone();
            }
            else
            {
                metadata.Remove(field);
            }
        }
    }

    /// <summary>Brings kind, apiVersion and metadata to the front and into Kubernetes' order.</summary>
    public static JsonObject Arrange(JsonObject json, string apiVersion, string kind)
    {
        var metadata = json.Metadata();
        var arranged = new JsonObject();
        foreach (var field in Order)
        {
            Move(metadata, arranged, field);
        }

        foreach (var field in metadata.Select(pair => pair.Key).ToList())
        {
            Move(metadata, arranged, field);
        }

        var result = new JsonObject { ["kind"] = kind, ["apiVersion"] = apiVersion, ["metadata"] = arranged };
        foreach (var field in json.Select(pair => pair.Key).ToList())
        {
            if (field is not ("kind" or "apiVersion" or "metadata"))
            {
                Move(json, result, field);
            }
        }

        return result;
    }

    private static void Move(JsonObject from, JsonObject to, string field)
    {
        if (!from.Remove(field, out var value))
        {
            return;
        }

        var empty = value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };
        if (!empty || !Order.Contains(field))
        {
            to[field] = value;
        }
    }
}
