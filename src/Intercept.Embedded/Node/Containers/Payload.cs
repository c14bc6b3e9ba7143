using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using System.Security.Cryptography;
using System.Text;

namespace Intercept.Embedded.Node.Containers;

/// <summary>
/// A program that came as files (a mounted ConfigMap), loaded beside the process' own assemblies: it finds its own libraries
/// first and shares only the framework.
/// </summary>
internal sealed class Payload : AssemblyLoadContext
{
    // Code can't be unloaded while a thread may still run it, and compiling it again is what makes a start slow: one load per
    // content and process, as the process has one of each of its other assemblies.
    private static readonly ConcurrentDictionary<string, Lazy<Payload>> Loaded = new();

    private readonly Dictionary<string, byte[]> _files;

    private Payload(string hash, Dictionary<string, byte[]> files)
        : base($"payload {hash[..12]}") => _files = files;

    /// <summary>The assemblies of a folder; the same context as before where their content is the same.</summary>
    public static Payload FromFolder(string folder)
    {
        var files = Directory.EnumerateFiles(folder)
            .Where(path => Path.GetExtension(path) is ".dll" or ".pdb")
            .ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes, StringComparer.OrdinalIgnoreCase);
        var hash = Hash(files);
        return Loaded.GetOrAdd(hash, _ => new Lazy<Payload>(() => new Payload(hash, files))).Value;
    }

    public Assembly LoadProgram(string file) => LoadFromAssemblyName(new AssemblyName(Path.GetFileNameWithoutExtension(file)));

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (!_files.TryGetValue(assemblyName.Name + ".dll", out var image))
        {
            return null;
        }

        // From memory, so that no file stays open or has to outlive the pod.
        return _files.TryGetValue(assemblyName.Name + ".pdb", out var symbols)
            ? LoadFromStream(new MemoryStream(image), new MemoryStream(symbols))
            : LoadFromStream(new MemoryStream(image));
    }

    private static string Hash(Dictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{content.Length}\n"));
            hash.AppendData(content);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
