using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Resources;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Custom;

/// <summary>CustomResourceDefinitions; what they define is served by <see cref="CustomResources"/>.</summary>
internal sealed class DefinitionStrategy(Action<StoredObject> established) : BuiltInStrategy(generations: true, unconditional: false)
{
    public const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    public override void Default(JsonObject json)
    {
        var spec = json.Ensure("spec");
        spec.Ensure("conversion").Default("strategy", "None");
        DefaultNames(spec.Ensure("names"));
    }

    public override void PrepareForCreate(JsonObject json, RequestScope scope)
    {
        var stored = json.Object("spec")?.Objects("versions").FirstOrDefault(version => version.Flag("storage") == true)?.Text("name");
        json["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(),
            ["acceptedNames"] = new JsonObject { ["plural"] = "", ["kind"] = "" },
            ["storedVersions"] = stored is null ? [] : new JsonArray(stored),
        };
    }

    public override void Validate(JsonObject json, List<FieldError> errors)
    {
        var spec = json.Ensure("spec");
        var (group, names) = (spec.Text("group") ?? "", spec.Ensure("names"));
        var plural = names.Text("plural") ?? "";
        if (json.Name() != $"{plural}.{group}")
        {
            errors.Add(FieldError.Invalid("metadata.name", json.Name(), "must be spec.names.plural+\".\"+spec.group"));
        }

        if (spec.Text("scope") is not ("Namespaced" or "Cluster"))
        {
            errors.Add(FieldError.NotSupported("spec.scope", spec.Text("scope"), "Cluster", "Namespaced"));
        }

        foreach (var required in (ReadOnlySpan<string>)["plural", "kind"])
        {
            if (string.IsNullOrEmpty(names.Text(required)))
            {
                errors.Add(FieldError.Required($"spec.names.{required}"));
            }
        }

        if (group.Length == 0)
        {
            errors.Add(FieldError.Required("spec.group"));
        }

        ValidateVersions(spec, errors);
        if (spec.Object("conversion")?.Text("strategy") is { } strategy and not "None")
        {
            errors.Add(FieldError.Forbidden("spec.conversion.strategy", $"the embedded cluster does not convert by {strategy}"));
        }
    }

    public override void ValidateUpdate(JsonObject next, JsonObject previous, List<FieldError> errors)
    {
        foreach (var field in (ReadOnlySpan<string>)["scope", "group"])
        {
            if (next.Ensure("spec").Text(field) != previous.Ensure("spec").Text(field))
            {
                errors.Add(FieldError.Invalid($"spec.{field}", next.Ensure("spec").Text(field), "field is immutable"));
            }
        }
    }

    public override void AfterCreate(StoredObject created, RequestScope scope) => established(created);

    public override JsonObject? BeginDelete(StoredObject existing, DeleteRequest request, TimeProvider time)
    {
        var json = existing.ToJson();
        if (existing.IsTerminating)
        {
            return existing.Finalizers.Count > 0 ? json : null;
        }

        json.Metadata()["deletionTimestamp"] = ApiJson.Timestamp(time.GetUtcNow());
        json.Metadata()["finalizers"] = new JsonArray([.. existing.Finalizers.Append(CleanupFinalizer).Select(name => JsonValue.Create(name))]);
        return json;
    }

    private static void DefaultNames(JsonObject names)
    {
        if (names.Text("kind") is { Length: > 0 } kind)
        {
            names.Default("listKind", $"{kind}List");
            names.Default("singular", kind.ToLowerInvariant());
        }
    }

    private static void ValidateVersions(JsonObject spec, List<FieldError> errors)
    {
        var versions = spec.Objects("versions").ToList();
        if (versions.Count(version => version.Flag("storage") == true) != 1)
        {
            errors.Add(FieldError.Invalid("spec.versions", spec["versions"] ?? new JsonArray(), "must have exactly one version marked as storage version"));
        }

        for (var i = 0; i < versions.Count; i++)
        {
            if (versions[i].Object("schema")?.Object("openAPIV3Schema") is not { } schema)
            {
                errors.Add(FieldError.Required($"spec.versions[{i}].schema.openAPIV3Schema"));
                continue;
            }

            foreach (var (path, rule) in ImmutabilityRules.Unsupported(schema, "spec.validation.openAPIV3Schema"))
            {
                errors.Add(FieldError.Invalid(path, rule, "the embedded cluster evaluates only the rule \"self == oldSelf\""));
            }
        }
    }
}
