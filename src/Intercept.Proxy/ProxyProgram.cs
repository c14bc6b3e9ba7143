using Intercept.Proxy.Configuration;

namespace Intercept.Proxy;

/// <summary>Entry point of the interceptor pod: <c>dotnet Intercept.Proxy.dll [--config=PATH]</c>.</summary>
internal static class ProxyProgram
{
    private const string ConfigOption = "--config=";
    private const int InvalidConfiguration = 78;

    /// <summary>Where the program's files are: those of its ConfigMap, in a pod.</summary>
    public static string Folder { get; } = Path.GetDirectoryName(typeof(ProxyProgram).Assembly.Location) is { Length: > 0 } folder
        ? folder
        : AppContext.BaseDirectory;

    private static async Task<int> Main(string[] args)
    {
        ProxyConfiguration configuration;
        try
        {
            configuration = ProxyConfigurationReader.ReadFile(ConfigurationPath(args));
        }
        catch (ProxyConfigurationException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return InvalidConfiguration;
        }

        await using var app = ProxyHost.Build(configuration, args);
        await app.RunAsync();
        return 0;
    }

    private static string ConfigurationPath(string[] args) =>
        args.LastOrDefault(argument => argument.StartsWith(ConfigOption, StringComparison.Ordinal)) is { } named
            ? named[ConfigOption.Length..]
            : Path.Combine(Folder, ProxyConfiguration.FileName);
}
