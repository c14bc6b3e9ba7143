using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;

namespace Intercept.Benchmarks;

/// <summary>One of the Shop's services in this process, without logging.</summary>
internal sealed class InProcessApp<TProgram> : WebApplicationFactory<TProgram>
    where TProgram : class
{
    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .UseContentRoot(AppContext.BaseDirectory)
        .ConfigureLogging(logging => logging.ClearProviders());
}
