using Intercept.HeaderPropagation;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the propagation of intercept headers.</summary>
public static class InterceptHeaderPropagationServiceCollectionExtensions
{
    /// <summary>
    /// Copies the intercept headers of each incoming request (<c>x-c6o-*</c>, or those that <paramref name="configure"/> names)
    /// to every call that the application makes, while it answers, through a client of <see cref="IHttpClientFactory"/>.
    /// Nothing has to be added to the pipeline or to a client. Calling it again adds to the options.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Names headers or prefixes. The default is the prefix <c>x-c6o-</c>.</param>
    public static IServiceCollection AddInterceptHeaderPropagation(
        this IServiceCollection services,
        Action<InterceptHeaderPropagationOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);

        // First, so that the factory's own logging handler comes after ours and shows the headers that really leave.
        services.AddHttpClient();
        services.AddOptions<InterceptHeaderPropagationOptions>().ValidateOnStart();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<InterceptHeaderPropagationOptions>, OptionsCheck>());
        services.TryAddSingleton<CurrentHeaders>();
        services.TryAddSingleton<HeaderSelection>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, CaptureOnEveryRequest>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, PropagateFromEveryClient>());
        services.TryAddTransient(provider => new InterceptHeaderPropagationHandler(provider.GetRequiredService<CurrentHeaders>()));
        return services;
    }
}
