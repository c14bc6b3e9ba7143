using System.Text.Json.Nodes;

namespace Intercept.Embedded.ApiServer.Ownership;

/// <summary>One entry of <c>metadata.managedFields</c>.</summary>
internal sealed record ManagerEntry(string Manager, string Operation, string ApiVersion, string? Subresource, string? Time, FieldSet Fields)
{
    public const string Update = "Update";

    public const string Apply = "Apply";

    public static List<ManagerEntry> ReadAll(JsonObject json)
    {
        var entries = new List<ManagerEntry>();
        foreach (var entry in json.Object("metadata")?.Objects("managedFields") ?? [])
        {
            if (entry.Text("operation") is { } operation)
            {
                entries.Add(new ManagerEntry(
                    entry.Text("manager") ?? "",
                    operation,
                    entry.Text("apiVersion") ?? "",
                    entry.Text("subresource"),
                    entry.Text("time"),
                    FieldSet.Parse(entry.Object("fieldsV1"))));
            }
        }

        return entries;
    }

    public static void WriteAll(JsonObject json, IEnumerable<ManagerEntry> entries)
    {
        var list = new JsonArray([.. entries
            .Where(entry => !entry.Fields.IsEmpty)
            .OrderBy(entry => entry.Operation == Apply ? 0 : 1)
            .ThenBy(entry => entry.Time, StringComparer.Ordinal)
            .ThenBy(entry => entry.Manager, StringComparer.Ordinal)
            .Select(entry => entry.ToJson())]);
        if (list.Count == 0)
        {
            json.Metadata().Remove("managedFields");
        }
        else
        {
            json.Metadata()["managedFields"] = list;
        }
    }

    public bool IsSameManager(ManagerEntry other) =>
        Manager == other.Manager && Operation == other.Operation && ApiVersion == other.ApiVersion && Subresource == other.Subresource;

    private JsonObject ToJson()
    {
        var json = new JsonObject();
        if (Manager.Length > 0)
        {
            json["manager"] = Manager;
        }

        json["operation"] = Operation;
        json["apiVersion"] = ApiVersion;
        if (Time is not null)
        {
            json["time"] = Time;
        }

        json["fieldsType"] = "FieldsV1";
        json["fieldsV1"] = Fields.ToJson();
        if (Subresource is not null)
        {
            json["subresource"] = Subresource;
        }

        return json;
    }
}
