using System.Net;

namespace Intercept.Testing.Tests.Fakes;

/// <summary>How a request reaches the target: as from an HTTP/1.1 tunnel, or from an HTTP/2 one.</summary>
public enum Wire
{
    Http1,
    Http2,
}

internal static class WireExtensions
{
    public static Version Version(this Wire wire) => wire == Wire.Http1 ? HttpVersion.Version11 : HttpVersion.Version20;
}
