using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Intercept.Embedded.Network;

/// <summary>Kestrel starts each request with a clean execution context: enter the container again, before all other middleware.</summary>
internal sealed class PodContextFilter(Action enter) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(inner => context =>
        {
            enter();
            return inner(context);
        });
        next(app);
    };
}
