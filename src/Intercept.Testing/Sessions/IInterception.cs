using Intercept.Engine;
using Microsoft.AspNetCore.Http;

namespace Intercept.Testing.Sessions;

/// <summary>What a session needs of the engine: <see cref="Interception"/>, or a stand-in without a cluster.</summary>
internal interface IInterception : IAsyncDisposable
{
    ServiceReference Service { get; }

    string SessionName { get; }

    HeaderRule Rule { get; }

    IReadOnlyList<InterceptStep> Timeline { get; }

    Task Lost { get; }

    HeaderRule CreateTestRule();

    Task<IAsyncDisposable> AddRouteAsync(HeaderRule rule, RequestDelegate handler, CancellationToken cancellationToken);

    Task CloseAsync(CancellationToken cancellationToken);
}

/// <summary>What a cluster needs of the engine: <see cref="InterceptEngine"/>, or a stand-in without a cluster.</summary>
internal interface IInterceptor
{
    Task<IInterception> OpenAsync(InterceptPlan plan, IProgress<InterceptStep>? progress, CancellationToken cancellationToken);

    /// <summary>A handler for <c>http://name.namespace:port/</c>, through the Kubernetes API.</summary>
    HttpMessageHandler CreateServiceHandler();
}
