using System.Reflection;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.Node.Volumes;
using k8s.Models;

namespace Intercept.Embedded.Node.Containers;

/// <summary>Finds what a container runs: a registered program, or the assembly that its command names on a mounted volume.</summary>
internal sealed class ContainerImages(EmbeddedImages images, ILocalApi api, ApiServerAccess access)
{
    /// <exception cref="ContainerConfigException">The image is unknown, or what it needs is missing.</exception>
    public ContainerStart Resolve(V1Pod pod, V1Container container, ContainerMounts mounts, string podIP)
    {
        var environment = ContainerEnvironment.Resolve(api, access, pod, container, podIP);
        environment.TryAdd("HOSTNAME", pod.Metadata.Name);
        string[] command = [.. (container.Command ?? []).Select(Rendered)];
        string[] arguments = [.. (container.Args ?? []).Select(Rendered)];
        var program = FindPayload(container, command.Length > 0 ? [.. command, .. arguments] : arguments, mounts)
            ?? FindRegistered(container, command, arguments);

        var configuration = CommandLine.Configuration(environment.ToDictionary(pair => pair.Key, pair => mounts.Translate(pair.Value)));
        configuration["contentRoot"] = (container.WorkingDir is { } folder ? mounts.Find(folder) : null) ?? program.Folder;
        configuration["applicationName"] = program.EntryPoint.Module.Assembly.GetName().Name!;
        return new ContainerStart(
            program.EntryPoint,
            CommandLine.Arguments(configuration, program.Arguments.Select(mounts.Translate)),
            configuration);

        string Rendered(string text) => ContainerEnvironment.Expand(text, environment);
    }

    private static Program? FindPayload(V1Container container, string[] line, ContainerMounts mounts)
    {
        if (line is not ["dotnet", var dll, .. var rest])
        {
            return null;
        }

        var path = dll.StartsWith('/') ? dll : $"{container.WorkingDir?.TrimEnd('/')}/{dll}";
        if (mounts.Find(path) is not { } real)
        {
            return null;
        }

        if (!File.Exists(real))
        {
            throw new ContainerConfigException("RunContainerError", $"{path} is not in the mounted volume, which has {Listing(Path.GetDirectoryName(real)!)}");
        }

        var folder = Path.GetDirectoryName(real)!;
        return new Program(EntryPoint(folder, path), folder, rest);
    }

    private static MethodInfo EntryPoint(string folder, string path)
    {
        try
        {
            return Payload.FromFolder(folder).LoadProgram(Path.GetFileName(path)).EntryPoint
                ?? throw new ContainerConfigException("RunContainerError", $"{path} has no entry point: it is a library");
        }
        catch (Exception e) when (e is BadImageFormatException or IOException)
        {
            throw new ContainerConfigException("RunContainerError", $"{path} can't be loaded: {e.Message}");
        }
    }

    private Program FindRegistered(V1Container container, string[] command, string[] arguments)
    {
        var entryPoint = images.Find(container.Image) ?? throw new ContainerConfigException(
            "ErrImagePull",
            $"the embedded cluster has no image \"{container.Image}\". It has: {(images.Names.Count == 0 ? "none" : string.Join(", ", images.Names))}. "
            + $"Register the program with options.Images.Add<Program>(\"{container.Image}\"), or mount its files and run them with command [\"dotnet\", \"/mount/X.dll\"].");
        string[] afterProgram = command is ["dotnet", _, .. var rest] ? rest : command is [_, .. var others] ? others : [];
        return new Program(entryPoint, AppContext.BaseDirectory, [.. afterProgram, .. arguments]);
    }

    private static string Listing(string folder) =>
        Directory.Exists(folder) ? string.Join(", ", Directory.EnumerateFiles(folder).Select(Path.GetFileName)) : "no such folder";

    private sealed record Program(MethodInfo EntryPoint, string Folder, IReadOnlyList<string> Arguments);
}
