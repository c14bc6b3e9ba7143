using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace Intercept.Testing.Recording;

/// <summary>Typed views of recorded bodies.</summary>
internal static class BodyText
{
    public static string Decode(ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, StringValues> headers) =>
        EncodingOf(headers).GetString(body.Span);

    public static T? ReadJson<T>(string what, ReadOnlyMemory<byte> body, bool truncated, JsonSerializerOptions? options)
    {
        if (truncated)
        {
            throw new InterceptException(
                $"Can't read {what} as JSON: only its first {body.Length:N0} bytes were kept. Raise {nameof(InterceptOptions)}.{nameof(InterceptOptions.MaxRecordedBodyBytes)}.");
        }

        try
        {
            return JsonSerializer.Deserialize<T>(body.Span, options ?? JsonSerializerOptions.Web);
        }
        catch (JsonException e)
        {
            throw new InterceptException($"Can't read {what} as JSON of type {typeof(T).Name}: {e.Message} It begins: {Excerpt(body)}", e);
        }
    }

    /// <summary>The first characters of a body, on one line.</summary>
    public static string Excerpt(ReadOnlyMemory<byte> body)
    {
        const int Length = 200;
        if (body.IsEmpty)
        {
            return "(empty)";
        }

        var text = Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, Length)]).ReplaceLineEndings(" ");
        return body.Length > Length ? text + "…" : text;
    }

    private static Encoding EncodingOf(IReadOnlyDictionary<string, StringValues> headers)
    {
        if (!headers.TryGetValue("Content-Type", out var values)
            || !MediaTypeHeaderValue.TryParse(values.ToString(), out var type)
            || type.CharSet is not { Length: > 0 } charset)
        {
            return Encoding.UTF8;
        }

        try
        {
            return Encoding.GetEncoding(charset.Trim('"'));
        }
        catch (ArgumentException)
        {
            // A charset that .NET does not know: the bytes are still there, and most such text is UTF-8 anyway.
            return Encoding.UTF8;
        }
    }
}
