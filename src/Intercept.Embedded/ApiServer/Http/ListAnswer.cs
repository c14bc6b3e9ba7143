using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Selectors;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary>GET of a collection: as of now or of a known version, in pages.</summary>
internal sealed class ListAnswer(ObjectStore store)
{
    public async Task WriteAsync(ResourceCall call)
    {
        var context = call.Context;
        var form = Representation.Negotiate(context);
        var labels = LabelSelector.Parse(QueryOptions.Text(context, "labelSelector"));
        var fields = FieldSelector.Parse(QueryOptions.Text(context, "fieldSelector"), call.Resource);
        var limit = QueryOptions.Number(context, "limit") ?? 0;
        var token = QueryOptions.Text(context, "continue");
        ListOptionsRules.CheckList(context, QueryOptions.Version(context), token);
        var table = store.Table(call.Resource);
        var (objects, revision) = token is { Length: > 0 } ? Continued(table, token) : Selected(table, call);
        var start = token is { Length: > 0 } ? ContinueToken.Parse(token).Start : null;

        var page = new List<StoredObject>();
        var left = 0L;
        foreach (var item in objects.In(call.Namespace))
        {
            if ((start is not null && string.CompareOrdinal(ContinueToken.KeyOf(item), start) <= 0) || !labels.Matches(item.Labels) || !fields.Matches(item))
            {
                continue;
            }

            if (limit > 0 && page.Count == limit)
            {
                left++;
            }
            else
            {
                page.Add(item);
            }
        }

        var more = left > 0 ? new ContinueToken(revision, ContinueToken.KeyOf(page[^1])).ToString() : null;
        long? remaining = left > 0 && labels.IsEverything && fields.IsEverything ? left : null;
        await StreamAsync(call, form, page, revision, more, remaining);
    }

    /// <summary>The items of a list as one document, written in pieces so that a long list holds nobody up.</summary>
    public static async Task StreamAsync(
        ResourceCall call, Representation form, IReadOnlyList<StoredObject> items, long revision, string? more, long? remaining)
    {
        var response = call.Context.Response;
        response.StatusCode = 200;
        response.ContentType = ApiResponse.Json;
        response.Headers.CacheControl = "no-cache, private";
        await response.StartAsync(call.Aborted);
        var writer = response.BodyWriter;
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) };
        if (more is not null || call.Resource.IsCustom)
        {
            metadata["continue"] = more ?? "";
        }

        if (remaining is not null)
        {
            metadata["remainingItemCount"] = remaining;
        }

        var (kind, version) = form.MetadataOnly ? ("PartialObjectMetadataList", "meta.k8s.io/v1") : (call.Resource.ListKind, call.Resource.ApiVersion);
        writer.Write(Encoding.UTF8.GetBytes($"{{\"kind\":\"{kind}\",\"apiVersion\":\"{version}\",\"metadata\":{metadata.ToJsonString(ApiJson.Options)},\"items\":["));
        // The items of a built-in kind do not repeat what the list says of them.
        var head = call.Resource.IsCustom || form.MetadataOnly
            ? []
            : Encoding.UTF8.GetBytes($"{{\"kind\":\"{call.Resource.Kind}\",\"apiVersion\":\"{call.Resource.ApiVersion}\",");
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                writer.Write(","u8);
            }

            WriteItem(writer, form.Of(items[i]).Span, head);
            if (writer.UnflushedBytes > 64 * 1024)
            {
                await writer.FlushAsync(call.Aborted);
            }
        }

        writer.Write("]}\n"u8);
        await writer.FlushAsync(call.Aborted);
    }

    private static void WriteItem(IBufferWriter<byte> writer, ReadOnlySpan<byte> item, ReadOnlySpan<byte> head)
    {
        if (head.Length > 0 && item.StartsWith(head))
        {
            writer.Write("{"u8);
            item = item[head.Length..];
        }

        writer.Write(item);
    }

    private (ObjectSet Objects, long Revision) Selected(ResourceTable table, ResourceCall call)
    {
        var context = call.Context;
        var asked = QueryOptions.Version(context);
        var snapshot = ReadState.Of(call, store);
        if (asked is not > 0)
        {
            return (snapshot.Objects, snapshot.Revision);
        }

        if (asked > snapshot.Revision)
        {
            throw ApiFailure.RevisionTooLarge(asked.Value, snapshot.Revision);
        }

        var isExact = QueryOptions.Text(context, "resourceVersionMatch") == "Exact"
            || (QueryOptions.Text(context, "resourceVersionMatch") is null or "" && QueryOptions.Number(context, "limit") > 0);
        if (!isExact)
        {
            return (snapshot.Objects, snapshot.Revision);
        }

        return (table.At(asked.Value) ?? throw ApiFailure.Expired("The resourceVersion for the provided list is too old."), asked.Value);
    }

    private static (ObjectSet Objects, long Revision) Continued(ResourceTable table, string token)
    {
        var revision = ContinueToken.Parse(token).Revision;
        var objects = table.At(revision) ?? throw ApiFailure.Expired(
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.");
        return (objects, revision);
    }

    private sealed record ContinueToken(long Revision, string Start)
    {
        public static string KeyOf(StoredObject item) => $"{item.Namespace}\0{item.Name}";

        public static ContinueToken Parse(string text)
        {
            try
            {
                var json = ApiJson.ParseObject(Convert.FromBase64String(text));
                return new(json.Number("rv") ?? throw Invalid(), json.Text("start") ?? throw Invalid());
            }
            catch (Exception wrong) when (wrong is FormatException or JsonException or InvalidCastException)
            {
                throw Invalid();
            }

            static ApiStatusException Invalid() => ApiFailure.BadRequest("invalid continue token: continue key is not valid");
        }

        public override string ToString() =>
            Convert.ToBase64String(ApiJson.ToUtf8(new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = Revision, ["start"] = Start }));
    }
}
