using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Intercept.HeaderPropagation;

/// <summary>Puts the capture in front of the application's own pipeline, so that no line has to be added there.</summary>
internal sealed class CaptureOnEveryRequest(CurrentHeaders current, HeaderSelection selection) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        // Async, so that what is set here ends with the request instead of leaking to whoever called.
        app.Use(async (context, proceed) =>
        {
            current.Value = selection.Of(context.Request.Headers);
            await proceed(context);
        });
        next(app);
    };
}
