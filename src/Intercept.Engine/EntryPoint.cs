using System.Buffers;

namespace Intercept.Engine;

/// <summary>Where a test's requests enter the cluster.</summary>
/// <param name="Service">The Service that takes them, on its first port.</param>
/// <param name="Path">A path that leads, over the hops in between, to the intercepted Service; asked with GET.</param>
internal sealed record EntryPoint(ServiceReference Service, string Path)
{
    // What can stand in a request line. A second slash at the beginning would make the path an address of another host.
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(
        "!$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");

    /// <summary>Reads <c>namespace/name/path</c>.</summary>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static EntryPoint Parse(string text)
    {
        var parts = text.Split('/', 3);
        return parts.Length == 3 && !parts[2].AsSpan().ContainsAnyExcept(PathCharacters) && !parts[2].StartsWith('/')
            ? new EntryPoint(ServiceReference.Parse($"{parts[0]}/{parts[1]}"), $"/{parts[2]}")
            : throw new FormatException(
                $"'{text}' names no entry: write namespace/name/path with a path as in a request (percent-encoded), for example shop/frontend/ for its root.");
    }
}
