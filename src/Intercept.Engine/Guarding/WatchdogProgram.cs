using System.Runtime.InteropServices;

namespace Intercept.Engine.Guarding;

/// <summary>Where the watchdog's program is, and the dotnet that runs it.</summary>
/// <param name="Dotnet">The .NET host.</param>
/// <param name="Assembly">The watchdog's assembly; its runtimeconfig.json is beside it.</param>
internal sealed record WatchdogProgram(string Dotnet, string Assembly)
{
    private const string FileName = "Intercept.Watchdog.dll";

    /// <summary>Finds both.</summary>
    /// <param name="assembly">The watchdog's assembly; the one beside this assembly where null.</param>
    /// <exception cref="InterceptException">One of them is missing.</exception>
    public static WatchdogProgram Find(string? assembly)
    {
        assembly ??= Path.Join(Path.GetDirectoryName(typeof(WatchdogProgram).Assembly.Location) ?? AppContext.BaseDirectory, FileName);
        foreach (var file in (string[])[assembly, Path.ChangeExtension(assembly, ".runtimeconfig.json")])
        {
            if (!File.Exists(file))
            {
                throw new InterceptException($"there is no {file}");
            }
        }

        return new WatchdogProgram(FindDotnet(), assembly);
    }

    /// <summary>The host that runs this process, or the one that its runtime belongs to: a test project may be a program of its own.</summary>
    private static string FindDotnet()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string?[] candidates =
        [
            Path.GetFileName(Environment.ProcessPath) == name ? Environment.ProcessPath : null,
            Path.GetFullPath(Path.Join(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name)),
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH"),
            Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? Path.Join(root, name) : null,
            .. (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Join(folder, name)),
        ];
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new InterceptException($"there is no {name} beside this process's runtime, in DOTNET_HOST_PATH, DOTNET_ROOT or PATH");
    }
}
