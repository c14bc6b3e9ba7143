using System.Text;

namespace Intercept.Engine.Tests.Tunnels;

/// <summary>An answer as its bytes.</summary>
internal sealed record RawAnswer(string Text)
{
    /// <summary>Name of the app that gave it.</summary>
    public string? By => Text.Split("\r\n")
        .FirstOrDefault(line => line.StartsWith(SampleApp.AnsweredBy + ": ", StringComparison.Ordinal))?[(SampleApp.AnsweredBy.Length + 2)..];

    /// <summary>The status line.</summary>
    public string Status => Text.Split("\r\n")[0];
}

internal static class RawCaller
{
    /// <summary>Sends bytes to the first data port and reads until the proxy closes.</summary>
    public static async Task<RawAnswer> SendRawAsync(this ProxyRig rig, string request)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var stream = await ProxyRig.DialAsync(rig.HttpPort, cancellationToken);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return new RawAnswer(await reader.ReadToEndAsync(cancellationToken));
    }
}
