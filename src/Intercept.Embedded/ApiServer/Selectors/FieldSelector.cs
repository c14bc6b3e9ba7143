using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Resources;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Selectors;

/// <summary>A field selector: <c>metadata.name=x,status.phase!=Failed</c>, over the fields that the kind allows.</summary>
internal sealed class FieldSelector
{
    private readonly List<(string Path, bool IsEqual, string Value, Func<JsonObject, string>? Read)> _terms = [];

    private FieldSelector()
    {
    }

    public static FieldSelector Everything { get; } = new();

    public bool IsEverything => _terms.Count == 0;

    /// <summary>The one name that a selector of any kind asks for; null where it asks for none, or is no selector.</summary>
    public static string? NameIn(string? text)
    {
        const string field = "metadata.name";
        var terms = string.IsNullOrEmpty(text) ? [] : Split(text).Where(term => term.StartsWith($"{field}=", StringComparison.Ordinal));
        return terms.Select(term => Unescape(term[field.Length..].TrimStart('='))).FirstOrDefault(name => name.Length > 0);
    }

    /// <exception cref="ApiStatusException">400: not a selector, or a field that the kind does not offer.</exception>
    public static FieldSelector Parse(string? text, ResourceDefinition resource)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Everything;
        }

        var selector = new FieldSelector();
        foreach (var term in Split(text))
        {
            if (term.Length > 0)
            {
                selector.Add(term, text, resource);
            }
        }

        return selector;
    }

    public bool Matches(StoredObject item)
    {
        JsonObject? json = null;
        foreach (var (path, isEqual, value, read) in _terms)
        {
            var found = path switch
            {
                "metadata.name" => item.Name,
                "metadata.namespace" => item.Namespace ?? "",
                _ => read!(json ??= item.ToJson()),
            };
            if ((found == value) != isEqual)
            {
                return false;
            }
        }

        return true;
    }

    private void Add(string term, string text, ResourceDefinition resource)
    {
        var at = term.IndexOf('=', StringComparison.Ordinal);
        if (at < 0)
        {
            throw ApiFailure.BadRequest($"invalid selector: '{text}'; can't understand '{term}'");
        }

        var isEqual = at == 0 || term[at - 1] != '!';
        var path = term[..(isEqual ? at : at - 1)];
        var value = Unescape(term[(term.Length > at + 1 && term[at + 1] == '=' && isEqual ? at + 2 : at + 1)..]);
        if (path is "metadata.name" or "metadata.namespace")
        {
            if (path == "metadata.namespace" && !resource.IsNamespaced)
            {
                throw Unknown(path, resource);
            }

            _terms.Add((path, isEqual, value, null));
            return;
        }

        _terms.Add((path, isEqual, value, resource.Strategy.SelectableField(path) ?? throw Unknown(path, resource)));
    }

    private static ApiStatusException Unknown(string path, ResourceDefinition resource) => ApiFailure.BadRequest(
        resource.IsCustom || resource.Strategy.SelectableField("metadata.name") is not null || resource.Plural is "pods" or "events" or "services" or "nodes" or "namespaces" or "secrets"
            ? $"field label not supported: {path}"
            : $"\"{path}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");

    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == ',')
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }

    private static string Unescape(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal))
        {
            return value;
        }

        var plain = new System.Text.StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            plain.Append(value[i] == '\\' && i + 1 < value.Length ? value[++i] : value[i]);
        }

        return plain.ToString();
    }
}
