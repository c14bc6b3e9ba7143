using System.Text;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;

namespace Intercept.Embedded.ApiServer.Resources.Configuration;

/// <summary>ConfigMaps and Secrets: a size, keys, and <c>immutable</c>.</summary>
internal class ConfigMapStrategy : BuiltInStrategy
{
    private const int SizeLimit = 1024 * 1024;

    public override void Validate(JsonObject json, List<FieldError> errors)
    {
        var (data, binary) = (json.Object("data"), json.Object("binaryData"));
        var size = 0;
        foreach (var (key, value) in data ?? [])
        {
            ValidateKey(key, "data", errors);
            size += Size(value);
            if (binary?.ContainsKey(key) == true)
            {
                errors.Add(FieldError.Invalid($"data[{key}]", key, "duplicate of key present in binaryData"));
            }
        }

        foreach (var (key, value) in binary ?? [])
        {
            ValidateKey(key, "binaryData", errors);
            size += (value.AsText() ?? "").Length * 3 / 4;
        }

        if (size > SizeLimit)
        {
            errors.Add(FieldError.TooLong(SizeField, SizeLimit));
        }
    }

    /// <summary>What is too long when all is too long: for a ConfigMap the empty path, which Go prints so.</summary>
    protected virtual string SizeField => "[]";

    protected virtual int Size(JsonNode? value) => Encoding.UTF8.GetByteCount(value.AsText() ?? "");

    public override void ValidateUpdate(JsonObject next, JsonObject previous, List<FieldError> errors)
    {
        if (previous.Flag("immutable") != true)
        {
            return;
        }

        if (next.Flag("immutable") != true)
        {
            errors.Add(FieldError.Forbidden("immutable", "field is immutable when `immutable` is set"));
        }

        foreach (var field in (ReadOnlySpan<string>)["data", "binaryData"])
        {
            if (!JsonNode.DeepEquals(next[field], previous[field]))
            {
                errors.Add(FieldError.Forbidden(field, "field is immutable when `immutable` is set"));
            }
        }
    }

    private static void ValidateKey(string key, string field, List<FieldError> errors)
    {
        if (key.Length is 0 or > 253 || key is "." or ".." || !key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            errors.Add(FieldError.Invalid(
                $"{field}[{key}]",
                key,
                "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"));
        }
    }
}

/// <summary>Secrets.</summary>
internal sealed class SecretStrategy : ConfigMapStrategy
{
    public override void Default(JsonObject json)
    {
        json.Default("type", "Opaque");
        if (json.Object("stringData") is not { } plain)
        {
            return;
        }

        foreach (var (key, value) in plain)
        {
            json.Ensure("data")[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.AsText() ?? ""));
        }

        json.Remove("stringData");
    }

    public override void Validate(JsonObject json, List<FieldError> errors)
    {
        base.Validate(json, errors);
        if (json.Text("type") == "kubernetes.io/tls")
        {
            foreach (var key in (ReadOnlySpan<string>)["tls.crt", "tls.key"])
            {
                if (json.Object("data")?.ContainsKey(key) != true)
                {
                    errors.Add(FieldError.Required($"data[{key}]"));
                }
            }
        }
    }

    public override void ValidateUpdate(JsonObject next, JsonObject previous, List<FieldError> errors)
    {
        if (next.Text("type") != previous.Text("type"))
        {
            errors.Add(FieldError.Invalid("type", next.Text("type"), "field is immutable"));
        }

        base.ValidateUpdate(next, previous, errors);
    }

    public override Func<JsonObject, string>? SelectableField(string path) => path == "type" ? json => json.Text("type") ?? "" : null;

    protected override string SizeField => "data";

    protected override int Size(JsonNode? value) => (value.AsText() ?? "").Length * 3 / 4;
}
