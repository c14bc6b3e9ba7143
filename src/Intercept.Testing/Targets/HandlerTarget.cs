using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Intercept.Testing.Targets;

/// <summary>Hands requests to an <see cref="HttpMessageHandler"/>.</summary>
internal sealed class HandlerTarget(HttpMessageHandler handler) : InterceptTarget
{
    internal override IRunningTarget Start() => new Running(new HttpMessageInvoker(handler, disposeHandler: false));

    private sealed class Running(HttpMessageInvoker invoker) : IRunningTarget
    {
        public async Task InvokeAsync(HttpContext context)
        {
            if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
            {
                throw new NotSupportedException(
                    $"A target that is an HttpMessageHandler can't take an upgrade ('{context.Request.Headers.Upgrade}'): use a TestServer or a Uri as the target.");
            }

            using var request = MessageConverter.ToMessage(context);
            using var response = await invoker.SendAsync(request, context.RequestAborted);
            await MessageConverter.CopyToAsync(response, context);
        }

        public ValueTask DisposeAsync()
        {
            invoker.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
