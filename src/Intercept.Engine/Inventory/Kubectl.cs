using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Intercept.Engine.Inventory;

/// <summary>Command lines of kubectl for sh.</summary>
internal static class Kubectl
{
    // The text stands in a shell's quotes, not in a page.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Patch(string resource, string name, string namespaceName, JsonArray operations) =>
        $"kubectl patch {resource} {Quote(name)} -n {Quote(namespaceName)} --type=json -p {Quote(operations.ToJsonString(Readable))}";

    public static string Delete(string resource, string name, string namespaceName) =>
        $"kubectl delete {resource} {Quote(name)} -n {Quote(namespaceName)} --ignore-not-found";

    public static string DeleteSelected(string resources, string selector, string namespaceName) =>
        $"kubectl delete {resources} -n {Quote(namespaceName)} -l {Quote(selector)} --ignore-not-found";

    /// <summary>One word for sh: as it is where nothing in it is special, else in single quotes.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:=,".Contains(letter, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
