using System.Globalization;
using System.Security.Cryptography;

namespace Intercept.Testing.Sessions;

/// <summary>Checks what the author asked for, before anything is changed.</summary>
internal static class OptionsCheck
{
    /// <summary>The rule that was asked for, once all options are found to make sense.</summary>
    public static HeaderRule CreateRule(InterceptOptions options)
    {
        if (options.AllTraffic && options.Header is not null)
        {
            throw new ArgumentException(
                $"{nameof(InterceptOptions.AllTraffic)} takes requests whatever their headers: leave {nameof(InterceptOptions.Header)} ('{options.Header}') unset, or {nameof(InterceptOptions.AllTraffic)} false.",
                nameof(options));
        }

        Check(options);
        return options.AllTraffic ? HeaderRule.AllTraffic : options.Header is { } header ? HeaderRule.Parse(header) : RandomRule();
    }

    // Nobody may meet another's value by chance, nor guess it: whoever knows it can send requests into this process.
    private static HeaderRule RandomRule() => HeaderRule.Create(HeaderRule.DefaultName, RandomNumberGenerator.GetHexString(32, lowercase: true));

    private static void Check(InterceptOptions options)
    {
        if (options.Port is { } port)
        {
            if (string.IsNullOrWhiteSpace(port))
            {
                throw new ArgumentException($"{nameof(InterceptOptions.Port)} is blank: give the name or the number of a port of the Service, or leave it null for every HTTP port.", nameof(options));
            }

            if (long.TryParse(port, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number is < 1 or > 65535)
            {
                throw new ArgumentException($"{nameof(InterceptOptions.Port)} '{port}' is no port number: give one from 1 to 65535, or a port's name.", nameof(options));
            }
        }

        if (string.IsNullOrWhiteSpace(options.ProxyImage))
        {
            throw new ArgumentException($"{nameof(InterceptOptions.ProxyImage)} is blank: name an image with the ASP.NET Core runtime, for example {InterceptDefaults.ProxyImage}.", nameof(options));
        }

        if (options.MaxRecordedBodyBytes < 0)
        {
            throw new ArgumentException($"{nameof(InterceptOptions.MaxRecordedBodyBytes)} is {options.MaxRecordedBodyBytes}: give the number of bytes to keep, 0 for none.", nameof(options));
        }

        if (options.MaxRecordedCalls < 1)
        {
            throw new ArgumentException($"{nameof(InterceptOptions.MaxRecordedCalls)} is {options.MaxRecordedCalls}: at least one call must be kept.", nameof(options));
        }

        if (options.TimeToLive is { } timeToLive && timeToLive < TimeSpan.FromSeconds(1))
        {
            throw new ArgumentException($"{nameof(InterceptOptions.TimeToLive)} is {timeToLive}: give at least 1 second.", nameof(options));
        }

        CheckTimeouts(options.Timeouts);
    }

    private static void CheckTimeouts(InterceptTimeouts timeouts)
    {
        (string Name, TimeSpan Value)[] phases =
        [
            (nameof(timeouts.ProxyReady), timeouts.ProxyReady),
            (nameof(timeouts.DecoyReady), timeouts.DecoyReady),
            (nameof(timeouts.Tunnel), timeouts.Tunnel),
            (nameof(timeouts.Switch), timeouts.Switch),
            (nameof(timeouts.Busy), timeouts.Busy),
            (nameof(timeouts.Drain), timeouts.Drain),
            (nameof(timeouts.Close), timeouts.Close),
        ];
        foreach (var (name, value) in phases)
        {
            if (value <= TimeSpan.Zero && value != Timeout.InfiniteTimeSpan)
            {
                throw new ArgumentException(
                    $"{nameof(InterceptTimeouts)}.{name} is {value}: give a positive time, or Timeout.InfiniteTimeSpan.", nameof(timeouts));
            }
        }
    }
}
