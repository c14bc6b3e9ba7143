using System.Collections.Concurrent;
using System.Reflection;

namespace Intercept.Embedded;

/// <summary>
/// What there is to "pull": image names, and the programs in this process that stand for them. The stock ASP.NET Core image
/// (a container whose command is <c>dotnet /mount/path/X.dll</c>, from a mounted ConfigMap) needs no entry.
/// </summary>
public sealed class EmbeddedImages
{
    private readonly ConcurrentDictionary<string, MethodInfo> _entryPoints = new(StringComparer.Ordinal);

    /// <summary>Lets containers of <paramref name="image"/> run the entry point of the program that <typeparamref name="TProgram"/> is part of.</summary>
    /// <typeparam name="TProgram">Any type of the program's assembly, by custom <c>Program</c>.</typeparam>
    /// <param name="image">The name as the pod spec has it; without a tag it means <c>:latest</c>.</param>
    /// <exception cref="ArgumentException">The assembly has no entry point: it is a library, or a test assembly without one.</exception>
    public void Add<TProgram>(string image) => Add(image, typeof(TProgram).Assembly);

    /// <summary>Lets containers of <paramref name="image"/> run the entry point of <paramref name="program"/>.</summary>
    /// <param name="image">The name as the pod spec has it; without a tag it means <c>:latest</c>.</param>
    /// <param name="program">An executable's assembly.</param>
    /// <exception cref="ArgumentException">The assembly has no entry point.</exception>
    public void Add(string image, Assembly program)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(image);
        ArgumentNullException.ThrowIfNull(program);
        _entryPoints[Normalize(image)] = program.EntryPoint
            ?? throw new ArgumentException($"{program.GetName().Name} has no entry point, so that no container can run it. Name a type of the program itself (its Program class).", nameof(program));
    }

    internal MethodInfo? Find(string image) => _entryPoints.GetValueOrDefault(Normalize(image));

    internal IReadOnlyCollection<string> Names => [.. _entryPoints.Keys.Order(StringComparer.Ordinal)];

    private static string Normalize(string image)
    {
        var name = image.StartsWith("docker.io/", StringComparison.Ordinal) ? image["docker.io/".Length..] : image;
        name = name.StartsWith("library/", StringComparison.Ordinal) ? name["library/".Length..] : name;
        return name.AsSpan(name.LastIndexOf('/') + 1).ContainsAny(':', '@') ? name : name + ":latest";
    }
}
