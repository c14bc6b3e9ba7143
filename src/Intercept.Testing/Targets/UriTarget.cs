using System.Net;
using Intercept.Testing.Recording;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace Intercept.Testing.Targets;

/// <summary>Forwards requests to a server that listens somewhere.</summary>
internal sealed class UriTarget(Uri address) : InterceptTarget
{
    internal override IRunningTarget Start() => new Running(address);

    private sealed class Running : IRunningTarget
    {
        private readonly string _address;
        private readonly ServiceProvider _services;
        private readonly IHttpForwarder _forwarder;
        private readonly HttpMessageInvoker _invoker;

        public Running(Uri address)
        {
            // A query or fragment of the address has no place in front of a path.
            _address = address.GetLeftPart(UriPartial.Path);
            _services = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
            _forwarder = _services.GetRequiredService<IHttpForwarder>();
            _invoker = new HttpMessageInvoker(new SocketsHttpHandler
            {
                UseProxy = false,
                UseCookies = false,
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                ActivityHeadersPropagator = null,
                EnableMultipleHttp2Connections = true,
            });
        }

        public Task InvokeAsync(HttpContext context) =>
            context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } ? UpgradeAsync(context) : SendAsync(context);

        public async ValueTask DisposeAsync()
        {
            _invoker.Dispose();
            await _services.DisposeAsync();
        }

        private async Task SendAsync(HttpContext context)
        {
            using var request = MessageConverter.ToMessage(context);
            var (path, query) = (context.Request.PathBase + context.Request.Path, context.Request.QueryString);
            request.RequestUri = RequestUtilities.MakeDestinationAddress(_address, path, query);
            if (IsGrpc(request) && request.RequestUri.Scheme == System.Uri.UriSchemeHttp)
            {
                // Clear text has no negotiation, and gRPC exists on HTTP/2 only.
                (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            }

            HttpResponseMessage response;
            try
            {
                response = await _invoker.SendAsync(request, context.RequestAborted);
            }
            catch (HttpRequestException e)
            {
                Fail(context, e);
                return;
            }

            using (response)
            {
                await MessageConverter.CopyToAsync(response, context);
            }
        }

        // YARP streams late where an answer's first byte is late, but it knows how to pass an upgrade on.
        private async Task UpgradeAsync(HttpContext context)
        {
            var error = await _forwarder.SendAsync(
                context, _address, _invoker, new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromHours(24) });
            if (error != ForwarderError.None && context.GetForwarderErrorFeature()?.Exception is { } exception)
            {
                Fail(context, exception);
            }
        }

        private void Fail(HttpContext context, Exception exception)
        {
            context.Features.Get<CallRecording>()?.Fail(new InterceptException($"The target {_address} did not answer: {exception.Message}", exception));
            if (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
            {
                context.Response.StatusCode = StatusCodes.Status502BadGateway;
            }
        }

        private static bool IsGrpc(HttpRequestMessage request) =>
            request.Content?.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) ?? false;
    }
}
