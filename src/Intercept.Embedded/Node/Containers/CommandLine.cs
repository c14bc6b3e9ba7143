namespace Intercept.Embedded.Node.Containers;

/// <summary>
/// A container's environment and arguments as a command line. The environment of this process is one for all pods, so that
/// each variable travels as --KEY=value, which the default configuration of a host reads with the same names.
/// </summary>
internal static class CommandLine
{
    private static readonly string[] Prefixes = ["ASPNETCORE_", "DOTNET_"];

    /// <summary>The environment as configuration keys: __ means a section, and host settings lose their prefix.</summary>
    public static Dictionary<string, string> Configuration(IReadOnlyDictionary<string, string> environment)
    {
        var configuration = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in environment)
        {
            configuration[name.Replace("__", ":", StringComparison.Ordinal)] = value;
            if (Prefixes.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } prefix)
            {
                configuration[name[prefix.Length..].Replace("__", ":", StringComparison.Ordinal)] = value;
            }
        }

        // The stock image's default, which a program without any address of its own gets.
        if (!configuration.ContainsKey("URLS"))
        {
            configuration.TryAdd("HTTP_PORTS", "8080");
            configuration["URLS"] = "";
        }

        // Pods come by the hundred, inotify instances do not.
        configuration["hostBuilder:reloadConfigOnChange"] = "false";
        return configuration;
    }

    public static string[] Arguments(IReadOnlyDictionary<string, string> configuration, IEnumerable<string> own) =>
        [.. configuration.Select(pair => $"--{pair.Key}={pair.Value}"), .. own];
}
