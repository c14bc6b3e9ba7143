using System.Text.Json.Serialization;

namespace Intercept.Proxy.Configuration;

/// <summary>What callers speak on a port.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PortProtocol>))]
internal enum PortProtocol
{
    /// <summary>HTTP/1.1, with upgrades.</summary>
    [JsonStringEnumMemberName("http1")]
    Http1,

    /// <summary>HTTP/2 in clear text with prior knowledge: gRPC.</summary>
    [JsonStringEnumMemberName("http2")]
    Http2,

    /// <summary>Anything else: bytes that are passed on.</summary>
    [JsonStringEnumMemberName("tcp")]
    Tcp,
}
