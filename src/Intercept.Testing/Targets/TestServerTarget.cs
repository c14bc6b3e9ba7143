using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.TestHost;

namespace Intercept.Testing.Targets;

/// <summary>Runs the application of a <see cref="TestServer"/> on the features of Kestrel's request.</summary>
/// <param name="server">The test server.</param>
/// <param name="owned">What ends with the session; nothing where null.</param>
internal sealed class TestServerTarget(TestServer server, IAsyncDisposable? owned = null) : InterceptTarget
{
    internal override IRunningTarget Start() => new Running(server, owned);

    private sealed class Running(TestServer server, IAsyncDisposable? owned) : IRunningTarget
    {
        public async Task InvokeAsync(HttpContext context)
        {
            var features = new ApplicationFeatures(context, server.AllowSynchronousIO);
            try
            {
                // Returns when the application is done: it answers on Kestrel's features, so the test server has nothing to send.
                await server.SendAsync(features.CopyTo);
            }
            catch (HttpResetTestException reset) when (context.Features.Get<IHttpResetFeature>() is { } feature)
            {
                feature.Reset(reset.ErrorCode);
            }
            finally
            {
                features.Detach();
            }
        }

        public ValueTask DisposeAsync() => owned?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
