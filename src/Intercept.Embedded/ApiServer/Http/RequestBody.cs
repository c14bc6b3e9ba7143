using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary>Reads bodies: bounded, JSON or YAML.</summary>
internal static class RequestBody
{
    public const int Limit = 3 * 1024 * 1024;

    public static async Task<byte[]> ReadAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > Limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                throw ApiFailure.TooLarge(Limit);
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The object of a POST or PUT.</summary>
    public static async Task<JsonObject> ReadObjectAsync(HttpContext context, string kind)
    {
        var type = MediaType(context);
        if (type is not ("" or "application/json" or "application/yaml"))
        {
            throw ApiFailure.UnsupportedBody("application/json", "application/yaml");
        }

        var bytes = await ReadAsync(context);
        try
        {
            var node = type == "application/yaml" ? YamlJson.Parse(bytes) : ApiJson.Parse(bytes);
            return node switch
            {
                null => [],
                JsonObject json => json,
                _ => throw ApiFailure.BadRequest($"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: json: cannot unmarshal {node.GetValueKind().ToString().ToLowerInvariant()} into Go value of type struct {{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }} ({Convert.ToHexStringLower(bytes)})"),
            };
        }
        catch (JsonException wrong)
        {
            var why = bytes.Length == 0 || wrong.BytePositionInLine is null || IsCutShort(wrong) ? "unexpected end of JSON input" : wrong.Message;
            throw ApiFailure.BadRequest($"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: {why} ({System.Text.Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 64)))})");
        }
    }

    public static string MediaType(HttpContext context) =>
        (context.Request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    public static bool IsCutShort(JsonException wrong) =>
        wrong.Message.Contains("end of data", StringComparison.Ordinal) || wrong.Message.Contains("does not contain any JSON tokens", StringComparison.Ordinal) || wrong.Message.Contains("depth", StringComparison.Ordinal);
}
