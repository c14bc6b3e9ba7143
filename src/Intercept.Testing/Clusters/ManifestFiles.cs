namespace Intercept.Testing.Clusters;

/// <summary>The YAML files that a list of files and folders means.</summary>
internal static class ManifestFiles
{
    /// <summary>Files as given; of a folder, its <c>*.yaml</c> and <c>*.yml</c> by name, as kubectl reads it.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths) => [.. paths.SelectMany(FilesOf)];

    private static IEnumerable<string> FilesOf(string path) =>
        File.Exists(path) ? [path]
        : Directory.Exists(path) ? Directory.EnumerateFiles(path)
            .Where(file => Path.GetExtension(file) is ".yaml" or ".yml")
            .Order(StringComparer.Ordinal)
        : throw new InterceptException(
            $"There are no manifests at {Path.GetFullPath(path)}, which {nameof(InterceptClusterOptions)}.{nameof(InterceptClusterOptions.Manifests)} names.");
}
