using System.Text;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.Node.Containers;
using k8s.Models;

namespace Intercept.Embedded.Node.Volumes;

/// <summary>The volumes of one pod as folders on this machine, deleted with it.</summary>
internal sealed class PodVolumes(string folder, ApiServerAccess access)
{
    /// <summary>Writes all volumes; complete again when called again.</summary>
    /// <exception cref="ContainerConfigException">A ConfigMap or Secret is not there (yet).</exception>
    public void Write(ILocalApi api, V1Pod pod, string podIP)
    {
        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            Write(CreateFolder(PathOf(volume.Name)).FullName, Files(api, pod, volume, podIP));
        }
    }

    public ContainerMounts MountsOf(V1Container container) =>
        new((container.VolumeMounts ?? []).Select(mount => (mount.MountPath, Path.Join(PathOf(mount.Name), mount.SubPath))));

    public void Delete()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // There are secrets and tokens among the files.
    private static DirectoryInfo CreateFolder(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private string PathOf(string volume) => Path.Join(folder, volume);

    private static void Write(string folder, IEnumerable<(string Path, byte[] Content)> files)
    {
        foreach (var (path, content) in files)
        {
            var target = Path.GetFullPath(Path.Join(folder, path));
            if (!target.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new ContainerConfigException("ContainerCreating", $"the volume path '{path}' leads out of its volume");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, content);
        }
    }

    private IEnumerable<(string Path, byte[] Content)> Files(ILocalApi api, V1Pod pod, V1Volume volume, string podIP) => volume switch
    {
        { ConfigMap: { } source } => ConfigMap(api, pod, source.Name, source.Items, source.Optional),
        { Secret: { } source } => Secret(api, pod, source.SecretName, source.Items, source.Optional),
        { DownwardAPI: { } source } => Downward(pod, source.Items, podIP),
        { Projected: { } projected } => (projected.Sources ?? []).SelectMany(source => source switch
        {
            { ConfigMap: { } map } => ConfigMap(api, pod, map.Name, map.Items, map.Optional),
            { Secret: { } secret } => Secret(api, pod, secret.Name, secret.Items, secret.Optional),
            { DownwardAPI: { } downward } => Downward(pod, downward.Items, podIP),
            { ServiceAccountToken: { } token } => [(token.Path, Encoding.UTF8.GetBytes(access.IssueToken(pod)
                ?? throw Missing($"failed to fetch token: serviceaccounts \"{pod.Spec.ServiceAccountName}\" not found")))],
            _ => [],
        }),
        _ => [],
    };

    private static IEnumerable<(string, byte[])> ConfigMap(ILocalApi api, V1Pod pod, string name, IList<V1KeyToPath>? items, bool? optional)
    {
        var map = api.Get<V1ConfigMap>(pod.Metadata.NamespaceProperty, name);
        if (map is null)
        {
            return optional == true ? [] : throw Missing($"configmap \"{name}\" not found");
        }

        var content = (map.BinaryData ?? new Dictionary<string, byte[]>()).ToDictionary(StringComparer.Ordinal);
        foreach (var (key, value) in map.Data ?? new Dictionary<string, string>())
        {
            content[key] = Encoding.UTF8.GetBytes(value);
        }

        return Pick(content, items, optional, $"configmap \"{name}\"");
    }

    private static IEnumerable<(string, byte[])> Secret(ILocalApi api, V1Pod pod, string name, IList<V1KeyToPath>? items, bool? optional)
    {
        var secret = api.Get<V1Secret>(pod.Metadata.NamespaceProperty, name);
        return secret is not null
            ? Pick((secret.Data ?? new Dictionary<string, byte[]>()).ToDictionary(), items, optional, $"secret \"{name}\"")
            : optional == true ? [] : throw Missing($"secret \"{name}\" not found");
    }

    private static IEnumerable<(string, byte[])> Pick(Dictionary<string, byte[]> content, IList<V1KeyToPath>? items, bool? optional, string source) =>
        items is null or { Count: 0 }
            ? content.Select(pair => (pair.Key, pair.Value))
            : items
                .Where(item => content.ContainsKey(item.Key) || (optional == true ? false : throw Missing($"references non-existent key {item.Key} in {source}")))
                .Select(item => (item.Path, content[item.Key]));

    private static IEnumerable<(string, byte[])> Downward(V1Pod pod, IList<V1DownwardAPIVolumeFile>? items, string podIP) =>
        (items ?? [])
            .Where(item => item.FieldRef is not null)
            .Select(item => (item.Path, Encoding.UTF8.GetBytes(ContainerEnvironment.Field(pod, item.FieldRef.FieldPath, podIP))));

    private static ContainerConfigException Missing(string message) => new("ContainerCreating", message);
}
