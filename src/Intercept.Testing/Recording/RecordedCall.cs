using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace Intercept.Testing;

/// <summary>
/// One request that the session's target was given, with its answer, as far as both had come when this record was taken.
/// Once <see cref="Completed"/> is true, nothing changes any more.
/// </summary>
public sealed record RecordedCall
{
    internal RecordedCall()
    {
    }

    /// <summary>The call's number in its session, from 1, in order of arrival.</summary>
    public required int Number { get; init; }

    /// <summary>The method, for example <c>GET</c>. A WebSocket is a <c>GET</c>, however it travelled.</summary>
    public required string Method { get; init; }

    /// <summary>The path, decoded, without the query.</summary>
    public required string Path { get; init; }

    /// <summary>The query with its question mark, as sent; empty where there is none.</summary>
    public required string Query { get; init; }

    /// <summary>The protocol between the proxy and this process, for example <c>HTTP/2</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The request's headers as they arrived; names are compared without regard to case.</summary>
    public required IReadOnlyDictionary<string, StringValues> Headers { get; init; }

    /// <summary>The request's body as far as the target read it, at most <see cref="InterceptOptions.MaxRecordedBodyBytes"/>.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether the request's body was longer than what is kept of it.</summary>
    public required bool BodyTruncated { get; init; }

    /// <summary>Where the call came from, as far as the tunnel knows it.</summary>
    public required IPEndPoint? Caller { get; init; }

    /// <summary>When the request's head had arrived.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>From the request's head to the end of the answer, or until now while the call isn't completed.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Whether the target is done with the call, be it by an answer, an exception or an abort.</summary>
    public required bool Completed { get; init; }

    /// <summary>The answer's status; null as long as the answer has not begun.</summary>
    public required int? StatusCode { get; init; }

    /// <summary>The answer's headers; empty as long as the answer has not begun.</summary>
    public required IReadOnlyDictionary<string, StringValues> ResponseHeaders { get; init; }

    /// <summary>The answer's body as far as it was written, at most <see cref="InterceptOptions.MaxRecordedBodyBytes"/>.</summary>
    public required ReadOnlyMemory<byte> ResponseBody { get; init; }

    /// <summary>Whether the answer's body was longer than what is kept of it.</summary>
    public required bool ResponseBodyTruncated { get; init; }

    /// <summary>What the target threw; the caller saw status 500 or a broken answer.</summary>
    public required Exception? Exception { get; init; }

    /// <summary>The values of a request header joined with a comma, or null where it was not sent.</summary>
    public string? GetHeader(string name) => Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>The request's body as text, by the charset of its Content-Type, otherwise UTF-8.</summary>
    public string BodyAsText() => Recording.BodyText.Decode(Body, Headers);

    /// <summary>The request's body read as JSON; the default options are <see cref="JsonSerializerOptions.Web"/>.</summary>
    /// <exception cref="InterceptException">The body is no such JSON, or not all of it was kept.</exception>
    public T? BodyAsJson<T>(JsonSerializerOptions? options = null) =>
        Recording.BodyText.ReadJson<T>($"the body of {this}", Body, BodyTruncated, options);

    /// <summary>The answer's body as text, by the charset of its Content-Type, otherwise UTF-8.</summary>
    public string ResponseBodyAsText() => Recording.BodyText.Decode(ResponseBody, ResponseHeaders);

    /// <summary>The answer's body read as JSON; the default options are <see cref="JsonSerializerOptions.Web"/>.</summary>
    /// <exception cref="InterceptException">The body is no such JSON, or not all of it was kept.</exception>
    public T? ResponseBodyAsJson<T>(JsonSerializerOptions? options = null) =>
        Recording.BodyText.ReadJson<T>($"the answer to {this}", ResponseBody, ResponseBodyTruncated, options);

    /// <summary>One line, for example <c>#1 GET /leaf?a=1 → 200 in 12 ms</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"#{Number} {Method} {Path}{Query} → {(Completed ? Outcome : "in flight")} in {Duration.TotalMilliseconds:0} ms");

    internal string Outcome => (Exception, StatusCode) switch
    {
        ({ } thrown, { } status) => $"{status} {thrown.GetType().Name}",
        ({ } thrown, null) => thrown.GetType().Name,
        (null, { } status) => status.ToString(CultureInfo.InvariantCulture),
        _ => "no answer",
    };
}
