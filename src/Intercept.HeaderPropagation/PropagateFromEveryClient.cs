using Microsoft.Extensions.Http;

namespace Intercept.HeaderPropagation;

/// <summary>
/// Adds the handler to every client of the factory, innermost: it must see the headers that the client's own handlers set.
/// </summary>
internal sealed class PropagateFromEveryClient(CurrentHeaders current) : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        builder.AdditionalHandlers.Add(new InterceptHeaderPropagationHandler(current));
    };
}
