using System.Text.Json.Nodes;

namespace Intercept.Embedded.ApiServer.Resources.Plain;

/// <summary>Events: the fields that are always shown, and selection by what they are about.</summary>
internal sealed class EventStrategy() : BuiltInStrategy(createOnUpdate: true)
{
    private const string About = "involvedObject.";

    private static readonly string[] AboutFields = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

    public override void Default(JsonObject json)
    {
        json.Default("reportingComponent", "");
        json.Default("reportingInstance", "");
    }

    public override Func<JsonObject, string>? SelectableField(string path)
    {
        if (path.StartsWith(About, StringComparison.Ordinal) && AboutFields.Contains(path[About.Length..]))
        {
            return json => json.Object("involvedObject")?.Text(path[About.Length..]) ?? "";
        }

        return path switch
        {
            "reason" or "type" or "reportingComponent" => json => json.Text(path) ?? "",
            "source" => json => json.Object("source")?.Text("component") ?? json.Text("reportingComponent") ?? "",
            _ => null,
        };
    }
}
