using System.Text;
using System.Text.Json;
using Intercept.Proxy.Contract;

namespace Intercept.Engine.Tunnels;

/// <summary>The hello on a fresh connection to a control port, and the proxy's answer.</summary>
internal static class TunnelHandshake
{
    private const int MaxHeadLength = 16 * 1024;
    private const int MaxBodyLength = 64 * 1024;

    /// <summary>Says hello; returns what came behind the 101 answer already.</summary>
    /// <exception cref="TunnelRefusedException">The proxy said no.</exception>
    /// <exception cref="IOException">The connection ended, or it is no proxy.</exception>
    public static async Task<ReadOnlyMemory<byte>> RunAsync(Stream stream, TunnelHello hello, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Write(hello), cancellationToken);
        await stream.FlushAsync(cancellationToken);

        var buffer = new byte[MaxHeadLength];
        var length = 0;
        int end;
        while ((end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (length == buffer.Length)
            {
                throw NoProxy("a head that is too long");
            }

            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            length += read > 0 ? read : throw new IOException("The proxy closed the connection before it answered the hello.");
        }

        var head = Encoding.Latin1.GetString(buffer, 0, end);
        var rest = buffer.AsMemory(end + 4, length - end - 4);
        if (head.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal))
        {
            return rest;
        }

        throw await ReadProblemAsync(stream, head, rest, cancellationToken) is { } problem
            ? new TunnelRefusedException(problem)
            : NoProxy(head.Split('\r')[0]);
    }

    private static byte[] Write(TunnelHello hello)
    {
        var head = new StringBuilder()
            .Append("POST ").Append(TunnelHello.Path).Append(" HTTP/1.1\r\nHost: proxy\r\nConnection: Upgrade\r\nUpgrade: ")
            .Append(TunnelHello.Protocol).Append("\r\n");
        foreach (var (name, value) in TunnelHelloHeaders.Write(hello))
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return Encoding.Latin1.GetBytes(head.Append("\r\n").ToString());
    }

    /// <summary>The body of a refusal: the proxy closes behind it, so its end is the connection's.</summary>
    private static async Task<Problem?> ReadProblemAsync(
        Stream stream, string head, ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        if (!head.Contains("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        using var body = new MemoryStream();
        body.Write(rest.Span);
        var buffer = new byte[4096];
        int read;
        while (body.Length < MaxBodyLength && (read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            body.Write(buffer, 0, read);
        }

        // The body is chunked; its only object stands in the one chunk there is.
        var text = Encoding.UTF8.GetString(body.ToArray());
        var begin = text.IndexOf('{', StringComparison.Ordinal);
        var end = text.LastIndexOf('}');
        try
        {
            return begin < 0 || end < begin ? null : JsonSerializer.Deserialize(text.AsSpan(begin, end - begin + 1), ContractJson.Problem);
        }
        catch (JsonException)
        {
            // Not a proxy's refusal then, whatever it is.
            return null;
        }
    }

    private static IOException NoProxy(string found) => new(
        $"The control port answered with {found}, and not as a proxy of Intercept does. Is another program listening there?");
}
