using System.Diagnostics;
using System.Net;
using System.Text;
using Intercept.Proxy.Configuration;
using Intercept.Proxy.Contract;
using Intercept.Proxy.Listening;
using Yarp.ReverseProxy.Forwarder;

namespace Intercept.Proxy.Forwarding;

/// <summary>The way to the original pods, through the decoy Service.</summary>
internal sealed class DecoyForwarder(IHttpForwarder forwarder, ProxyState state, ServedBy servedBy, Answers answers) : IDisposable
{
    private readonly HttpMessageInvoker _client = new(new StreamingHandler(CreateHandler()));
    private readonly ForwardTransformer _usual = new Transformer(servedBy, false);
    private readonly ForwardTransformer _becauseLost = new Transformer(servedBy, true);

    /// <summary>Lets the original pods answer.</summary>
    public async Task ForwardAsync(HttpContext context, DataPort port, bool becauseLost)
    {
        port.CountPassed();
        var configuration = port.Configuration;
        var config = configuration.Protocol == PortProtocol.Http2 ? ForwardConfigs.Http2 : ForwardConfigs.Http1;
        var error = await forwarder.SendAsync(
            context, $"http://{state.Configuration.DecoyHost}:{configuration.DecoyPort}", _client, config, becauseLost ? _becauseLost : _usual);
        if (Answers.IsAnswered(context, error))
        {
            return;
        }

        var cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (error is ForwarderError.RequestBodyClient)
        {
            await answers.RefuseAsync(context, $"The request's body could not be read: {cause?.Message}");
            return;
        }

        var target = $"{state.Configuration.DecoyHost}:{configuration.DecoyPort}";
        if (cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError })
        {
            await answers.FailAsync(
                context,
                StatusCodes.Status502BadGateway,
                ProxyErrors.DecoyUnreachable,
                $"The interceptor of {state.Configuration.Service} can't connect to the original pods at {target}: {cause.Message} Are they ready, and does a NetworkPolicy let the interceptor reach them?");
        }
        else
        {
            await answers.FailAsync(
                context,
                StatusCodes.Status502BadGateway,
                ProxyErrors.DecoyAborted,
                $"The original pods of {state.Configuration.Service} at {target} broke the request off before they answered: {cause?.Message ?? error.ToString()} See their log.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static SocketsHttpHandler CreateHandler() => new()
    {
        // Not null: the client's diagnostics stay on, and yet no trace header is added or changed.
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        EnableMultipleHttp2Connections = true,
        InitialHttp2StreamWindowSize = 1024 * 1024,
        MaxResponseHeadersLength = 128,
        // A request must not meet a server that is just closing an idle connection: many do so after 2 to 5 seconds.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1),
        // Connections are balanced over the pods when they are made, so none may grow old.
        PooledConnectionLifetime = TimeSpan.FromSeconds(30),
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        UseCookies = false,
        UseProxy = false,
    };

    private sealed class Transformer(ServedBy servedBy, bool becauseLost) : ForwardTransformer
    {
        protected override void Stamp(HttpContext context) => servedBy.StampCluster(context, becauseLost);
    }
}
