using Intercept.Embedded.ApiServer.Schemas;

namespace Intercept.Embedded.ApiServer.Resources;

/// <summary>One kind that the server serves: its names, its shape and its rules.</summary>
internal sealed record ResourceDefinition
{
    public static IReadOnlyList<string> AllVerbs { get; } = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>Empty for the core group.</summary>
    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Plural { get; init; }

    public required string Singular { get; init; }

    public required string Kind { get; init; }

    public required bool IsNamespaced { get; init; }

    public required FieldSchema Schema { get; init; }

    public required ResourceStrategy Strategy { get; init; }

    public string ListKind { get => field ?? Kind + "List"; init; }

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<string> Verbs { get; init; } = AllVerbs;

    public bool HasStatus { get; init; }

    public bool HasScale { get; init; }

    /// <summary>The definition that made this kind, where it is a custom one.</summary>
    public bool IsCustom { get; init; }

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>deployments.apps</c>, and just <c>services</c> for the core group, as failures name it.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>What the store files the objects under: the same for every version of a kind.</summary>
    public string Key => QualifiedPlural;
}
