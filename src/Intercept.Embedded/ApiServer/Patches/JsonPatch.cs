using System.Globalization;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;

namespace Intercept.Embedded.ApiServer.Patches;

/// <summary>RFC 6902, as strict as Kubernetes: no parent is ever made up, and one failing operation fails the patch.</summary>
internal static class JsonPatch
{
    private const int OperationsLimit = 10_000;

    /// <exception cref="ApiStatusException">422: a test failed or a path leads nowhere.</exception>
    public static JsonObject Apply(JsonObject target, JsonNode? patch)
    {
        if (patch is not JsonArray operations)
        {
            throw ApiFailure.BadRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
        }

        if (operations.Count > OperationsLimit)
        {
            throw new ApiStatusException(413, "RequestEntityTooLarge", $"Request entity too large: The allowed maximum operations in a JSON patch is {OperationsLimit}, got {operations.Count}", []);
        }

        JsonNode? root = target;
        foreach (var operation in operations)
        {
            root = Apply(root, operation as JsonObject ?? throw ApiFailure.PatchRejected());
        }

        return root as JsonObject ?? throw ApiFailure.PatchRejected();
    }

    private static JsonNode? Apply(JsonNode? root, JsonObject operation)
    {
        var path = Pointer(operation, "path");
        switch (operation.Text("op"))
        {
            case "add":
                return Add(root, path, Value(operation));
            case "remove":
                return Remove(root, path);
            case "replace":
                var value = Value(operation);
                if (path.Length == 0)
                {
                    return value;
                }

                Get(root, path);
                Set(root, path, value);
                return root;
            case "test":
                if (!JsonNode.DeepEquals(Find(root, path), Value(operation)))
                {
                    throw ApiFailure.PatchRejected();
                }

                return root;
            case "copy":
                return Add(root, path, Get(root, Pointer(operation, "from"))?.DeepClone());
            case "move":
                var from = Pointer(operation, "from");
                var moved = Get(root, from)?.DeepClone();
                return Add(Remove(root, from), path, moved);
            default:
                throw ApiFailure.PatchRejected();
        }
    }

    private static JsonNode? Add(JsonNode? root, string[] path, JsonNode? value)
    {
        if (path.Length == 0)
        {
            return value;
        }

        switch (Get(root, path[..^1]))
        {
            case JsonObject parent:
                parent[path[^1]] = value;
                return root;
            case JsonArray list when path[^1] == "-":
                list.Add(value);
                return root;
            case JsonArray list:
                list.Insert(Index(path[^1], list.Count + 1), value);
                return root;
            default:
                throw ApiFailure.PatchRejected();
        }
    }

    private static JsonNode? Remove(JsonNode? root, string[] path)
    {
        if (path.Length == 0)
        {
            throw ApiFailure.PatchRejected();
        }

        switch (Get(root, path[..^1]))
        {
            case JsonObject parent when parent.Remove(path[^1]):
                return root;
            case JsonArray list:
                list.RemoveAt(Index(path[^1], list.Count));
                return root;
            default:
                throw ApiFailure.PatchRejected();
        }
    }

    private static void Set(JsonNode? root, string[] path, JsonNode? value)
    {
        switch (Get(root, path[..^1]))
        {
            case JsonObject parent:
                parent[path[^1]] = value;
                break;
            case JsonArray list:
                list[Index(path[^1], list.Count)] = value;
                break;
            default:
                throw ApiFailure.PatchRejected();
        }
    }

    private static JsonNode? Get(JsonNode? root, string[] path)
    {
        var node = root;
        foreach (var step in path)
        {
            node = node switch
            {
                JsonObject json when json.TryGetPropertyValue(step, out var value) => value,
                JsonArray list => list[Index(step, list.Count)],
                _ => throw ApiFailure.PatchRejected(),
            };
        }

        return node;
    }

    // A test may name a missing key of an object that exists: it is then null.
    private static JsonNode? Find(JsonNode? root, string[] path)
    {
        if (path.Length == 0)
        {
            return root;
        }

        return Get(root, path[..^1]) switch
        {
            JsonObject json => json[path[^1]],
            JsonArray list => list[Index(path[^1], list.Count)],
            _ => throw ApiFailure.PatchRejected(),
        };
    }

    private static int Index(string step, int limit)
    {
        if (!int.TryParse(step, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)
            || index >= limit
            || index < -limit
            || (step.Length > 1 && step[0] == '0'))
        {
            throw ApiFailure.PatchRejected();
        }

        return index < 0 ? index + limit : index;
    }

    private static JsonNode? Value(JsonObject operation) =>
        operation.TryGetPropertyValue("value", out var value) ? value?.DeepClone() : throw ApiFailure.PatchRejected();

    private static string[] Pointer(JsonObject operation, string name)
    {
        var pointer = operation.Text(name) ?? throw ApiFailure.PatchRejected();
        if (pointer.Length == 0)
        {
            return [];
        }

        if (pointer[0] != '/')
        {
            throw ApiFailure.PatchRejected();
        }

        return [.. pointer[1..].Split('/').Select(step =>
            step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }
}
