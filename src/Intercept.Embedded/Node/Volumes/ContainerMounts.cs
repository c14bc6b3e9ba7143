namespace Intercept.Embedded.Node.Volumes;

/// <summary>Where the paths of a container's file system are on this machine; only its mounted volumes exist.</summary>
internal sealed class ContainerMounts(IEnumerable<(string MountPath, string RealPath)> mounts)
{
    private readonly (string MountPath, string RealPath)[] _mounts =
        [.. mounts.Select(mount => (mount.MountPath.TrimEnd('/'), mount.RealPath)).OrderByDescending(mount => mount.Item1.Length)];

    /// <summary>The real path of a container's path; null outside of all mounts.</summary>
    public string? Find(string path)
    {
        foreach (var (mountPath, realPath) in _mounts)
        {
            if (path == mountPath)
            {
                return realPath;
            }

            if (path.StartsWith(mountPath + "/", StringComparison.Ordinal))
            {
                return Path.Join(realPath, path[(mountPath.Length + 1)..].Replace('/', Path.DirectorySeparatorChar));
            }
        }

        return null;
    }

    /// <summary>An argument or a variable that is such a path, alone or after "name=", with the real path in its place.</summary>
    public string Translate(string text)
    {
        var start = text.StartsWith('/') ? 0 : text.IndexOf("=/", StringComparison.Ordinal) + 1;
        return (start == 0 && !text.StartsWith('/')) || Find(text[start..]) is not { } real ? text : text[..start] + real;
    }
}
