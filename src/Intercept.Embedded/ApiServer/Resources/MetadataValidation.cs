using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Intercept.Embedded.ApiServer.Failures;

namespace Intercept.Embedded.ApiServer.Resources;

/// <summary>What holds for the metadata of every kind.</summary>
internal static partial class MetadataValidation
{
    private const int AnnotationsLimit = 256 * 1024;

    private const string NamePartText =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string LabelValueText =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    private static readonly HashSet<string> StandardFinalizers = new(StringComparer.Ordinal) { "kubernetes", "orphan", "foregroundDeletion" };

    public static void Validate(JsonObject json, ResourceStrategy strategy, List<FieldError> errors)
    {
        var metadata = json.Metadata();
        if (metadata.Text("name") is { Length: > 0 } name)
        {
            errors.AddRange(strategy.NameRule.Problems(name).Select(problem => FieldError.Invalid("metadata.name", name, problem)));
        }
        else
        {
            errors.Add(FieldError.Required("metadata.name", "name or generateName is required"));
        }

        ValidateLabels(metadata.Object("labels"), "metadata.labels", errors);
        ValidateAnnotations(metadata.Object("annotations"), errors);
        ValidateOwners(metadata.Array("ownerReferences"), errors);
        var index = 0;
        foreach (var finalizer in metadata.Array("finalizers") ?? [])
        {
            ValidateFinalizer(finalizer.AsText() ?? "", $"metadata.finalizers[{index++}]", errors);
        }
    }

    public static void ValidateUpdate(JsonObject next, JsonObject previous, List<FieldError> errors)
    {
        if (previous.Metadata().Text("deletionTimestamp") is null)
        {
            return;
        }

        var before = Finalizers(previous).ToHashSet(StringComparer.Ordinal);
        var added = Finalizers(next).Where(name => !before.Contains(name)).ToList();
        if (added.Count > 0)
        {
            var shown = string.Join(", ", added.Select(name => $"\"{name}\""));
            errors.Add(FieldError.Forbidden("metadata.finalizers", $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{shown}}}"));
        }
    }

    public static void ValidateLabels(JsonObject? labels, string field, List<FieldError> errors)
    {
        foreach (var (key, value) in labels ?? [])
        {
            errors.AddRange(KeyProblems(key).Select(problem => FieldError.Invalid(field, key, problem)));
            errors.AddRange(ValueProblems(value.AsText() ?? "").Select(problem => FieldError.Invalid(field, value.AsText(), problem)));
        }
    }

    /// <summary>What is wrong with a label value, also where it stands in a selector.</summary>
    public static IEnumerable<string> ValueProblems(string value)
    {
        if (value.Length > 63)
        {
            yield return "must be no more than 63 characters";
        }

        if (!LabelValue().IsMatch(value))
        {
            yield return LabelValueText;
        }
    }

    /// <summary>What is wrong with a label or annotation key.</summary>
    public static IEnumerable<string> KeyProblems(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var name = key[(slash + 1)..];
        if (slash >= 0)
        {
            foreach (var problem in slash == 0 ? ["prefix part must be non-empty"] : NameRule.Subdomain.Problems(key[..slash]).Select(text => $"prefix part {text}"))
            {
                yield return problem;
            }
        }

        if (name.Length == 0)
        {
            yield return "name part must be non-empty";
        }
        else if (name.Length > 63)
        {
            yield return "name part must be no more than 63 characters";
        }

        if (!NamePart().IsMatch(name))
        {
            yield return NamePartText;
        }
    }

    private static void ValidateAnnotations(JsonObject? annotations, List<FieldError> errors)
    {
        var size = 0;
        foreach (var (key, value) in annotations ?? [])
        {
            errors.AddRange(KeyProblems(key.ToLowerInvariant()).Select(problem => FieldError.Invalid("metadata.annotations", key, problem)));
            size += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value.AsText() ?? "");
        }

        if (size > AnnotationsLimit)
        {
            errors.Add(FieldError.TooLong("metadata.annotations", AnnotationsLimit));
        }
    }

    private static void ValidateOwners(JsonArray? owners, List<FieldError> errors)
    {
        var controllers = 0;
        foreach (var owner in owners?.OfType<JsonObject>() ?? [])
        {
            foreach (var part in (ReadOnlySpan<string>)["apiVersion", "kind", "name", "uid"])
            {
                if (string.IsNullOrEmpty(owner.Text(part)))
                {
                    errors.Add(FieldError.Invalid($"metadata.ownerReferences.{part}", "", "must not be empty"));
                }
            }

            controllers += owner.Flag("controller") == true ? 1 : 0;
        }

        if (controllers > 1)
        {
            errors.Add(FieldError.Invalid("metadata.ownerReferences", owners, "Only one reference can have Controller set to true"));
        }
    }

    private static void ValidateFinalizer(string name, string field, List<FieldError> errors)
    {
        foreach (var problem in KeyProblems(name))
        {
            errors.Add(FieldError.Invalid(field, name, problem));
        }

        if (!name.Contains('/', StringComparison.Ordinal) && !StandardFinalizers.Contains(name))
        {
            errors.Add(FieldError.Invalid(field, name, "name is neither a standard finalizer name nor is it fully qualified"));
        }
    }

    private static IEnumerable<string> Finalizers(JsonObject json) =>
        json.Metadata().Array("finalizers")?.Select(name => name.AsText() ?? "") ?? [];

    [GeneratedRegex(@"\A(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelValue();

    [GeneratedRegex(@"\A([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePart();
}
