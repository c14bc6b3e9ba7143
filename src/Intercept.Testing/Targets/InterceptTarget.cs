using Microsoft.AspNetCore.TestHost;

namespace Intercept.Testing;

/// <summary>
/// What answers the requests that an intercept takes. A <see cref="Microsoft.AspNetCore.TestHost.TestServer"/>, an
/// <see cref="HttpMessageHandler"/> and a <see cref="System.Uri"/> convert to it by themselves.
/// </summary>
public abstract class InterceptTarget
{
    private protected InterceptTarget()
    {
    }

    /// <summary>
    /// An application in this process, such as <c>WebApplicationFactory&lt;TProgram&gt;.Server</c>. It sees the requests as a real server
    /// would hand them over: WebSockets, trailers, aborts, the raw target and the caller's address included.
    /// The server stays its owner's.
    /// </summary>
    public static InterceptTarget TestServer(TestServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new Targets.TestServerTarget(server);
    }

    /// <summary>
    /// Code that answers an <see cref="HttpRequestMessage"/>; bodies are streamed both ways. It can't take WebSockets.
    /// The handler stays its owner's.
    /// </summary>
    public static InterceptTarget Handler(HttpMessageHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new Targets.HandlerTarget(handler);
    }

    /// <summary>
    /// A server that listens somewhere, for example under a debugger at <c>http://localhost:5000</c>. It sees the caller's own Host
    /// header; a path in the address is put in front of the request's path.
    /// </summary>
    /// <exception cref="ArgumentException">The address is not absolute, or neither http nor https.</exception>
    public static InterceptTarget Uri(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsAbsoluteUri && (address.Scheme == System.Uri.UriSchemeHttp || address.Scheme == System.Uri.UriSchemeHttps)
            ? new Targets.UriTarget(address)
            : throw new ArgumentException(
                $"'{address}' can't be a target: give an absolute http or https address, for example http://localhost:5000.", nameof(address));
    }

    /// <summary><see cref="TestServer(Microsoft.AspNetCore.TestHost.TestServer)"/>.</summary>
    public static implicit operator InterceptTarget(TestServer server) => TestServer(server);

    /// <summary><see cref="Handler(HttpMessageHandler)"/>.</summary>
    public static implicit operator InterceptTarget(HttpMessageHandler handler) => Handler(handler);

    /// <summary><see cref="Uri(System.Uri)"/>.</summary>
    public static implicit operator InterceptTarget(Uri address) => Uri(address);

    /// <summary>Starts to answer; what is returned belongs to the session.</summary>
    internal abstract Targets.IRunningTarget Start();
}
