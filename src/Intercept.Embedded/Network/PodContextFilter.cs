using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Intercept.Embedded.Network;

/// <summary>Kestrel starts each request with a clean execution context: enter the pod again, before all other middleware.</summary>
internal sealed class PodContextFilter(PodContext pod) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(inner => context =>
        {
            pod.Enter();
            return inner(context);
        });
        next(app);
    };
}
