using System.Text.Json;
using Intercept.Proxy.Contract;

namespace Intercept.Proxy.Configuration;

/// <summary>Reads <c>intercept.json</c>, strictly.</summary>
internal static class ProxyConfigurationReader
{
    private const int MaxPorts = 32;
    private const int MaxFileLength = 64 * 1024;

    /// <summary>Reads and checks the file.</summary>
    /// <exception cref="ProxyConfigurationException">It is missing, not readable, or not valid; the message tells what to change.</exception>
    public static ProxyConfiguration ReadFile(string path)
    {
        try
        {
            return new FileInfo(path).Length > MaxFileLength
                ? throw new ProxyConfigurationException($"{path} is longer than {MaxFileLength} bytes: it is not a proxy's configuration.")
                : Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProxyConfigurationException(
                $"Can't read the proxy's configuration {path}: {exception.Message} Put {ProxyConfiguration.FileName} beside Intercept.Proxy.dll, or name it with --config=<path>.",
                exception);
        }
    }

    /// <summary>Parses and checks the text.</summary>
    /// <exception cref="ProxyConfigurationException">It is not valid.</exception>
    public static ProxyConfiguration Parse(ReadOnlySpan<byte> json, string source)
    {
        try
        {
            var configuration = JsonSerializer.Deserialize(json, ContractJson.ProxyConfiguration)
                ?? throw new ProxyConfigurationException($"{source} is null.");
            return FindFault(configuration) is { } fault
                ? throw new ProxyConfigurationException($"{source} is not valid: {fault}")
                : configuration;
        }
        catch (JsonException exception)
        {
            throw new ProxyConfigurationException($"{source} is not valid: {exception.Message}", exception);
        }
    }

    private static string? FindFault(ProxyConfiguration configuration)
    {
        if (configuration.Contract != ContractVersion.Current)
        {
            return $"it was written for contract {configuration.Contract}, and this proxy speaks {ContractVersion.Current}. "
                + "Take Intercept.Proxy.dll and intercept.json from the same version of Intercept.";
        }

        if (Uri.CheckHostName(configuration.DecoyHost) == UriHostNameType.Unknown)
        {
            return $"decoyHost '{configuration.DecoyHost}' is no host name.";
        }

        if (configuration.Ports.Count is 0 or > MaxPorts)
        {
            return $"there must be 1 to {MaxPorts} ports, and there are {configuration.Ports.Count}.";
        }

        foreach (var port in configuration.Ports)
        {
            if (port.Name.Length is 0 or > 63)
            {
                return $"the name of port {port.Port} must have 1 to 63 characters.";
            }

            if (!IsPort(port.Port) || !IsPort(port.ListenPort) || !IsPort(port.DecoyPort))
            {
                return $"port '{port.Name}' has a number that is not from 1 to 65535.";
            }
        }

        if (!IsPort(configuration.ControlPort) || !IsPort(configuration.HealthPort))
        {
            return "controlPort and healthPort must be from 1 to 65535.";
        }

        int[] listeners = [.. configuration.Ports.Select(port => port.ListenPort), configuration.ControlPort, configuration.HealthPort];
        return listeners.Distinct().Count() != listeners.Length
            ? $"listeners need ports of their own, and these are {string.Join(", ", listeners)}."
            : configuration.Ports.Select(port => port.Name).Distinct(StringComparer.Ordinal).Count() != configuration.Ports.Count
                ? "two ports have the same name."
                : null;
    }

    private static bool IsPort(int number) => number is > 0 and <= ushort.MaxValue;
}
