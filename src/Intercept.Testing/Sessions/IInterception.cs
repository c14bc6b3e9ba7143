using Microsoft.AspNetCore.Http;

namespace Intercept.Testing.Sessions;

/// <summary>What a session needs of the engine: its interception, or a stand-in without a cluster.</summary>
internal interface IInterception : IAsyncDisposable
{
    ServiceReference Service { get; }

    string SessionName { get; }

    HeaderRule Rule { get; }

    IReadOnlyList<string> Undo { get; }

    IReadOnlyList<InterceptStep> Timeline { get; }

    Task Lost { get; }

    HeaderRule CreateTestRule();

    Task<IAsyncDisposable> AddRouteAsync(HeaderRule rule, RequestDelegate handler, CancellationToken cancellationToken);

    Task CloseAsync(CancellationToken cancellationToken);
}

/// <summary>What a cluster needs of the engine: to open intercepts, or a stand-in without a cluster.</summary>
internal interface IInterceptor
{
    Task<IInterception> OpenAsync(
        ServiceReference service, HeaderRule rule, RequestDelegate handler, InterceptOptions options, CancellationToken cancellationToken);

    Task<ResidueReport> GetResidueAsync(ResidueOptions options, CancellationToken cancellationToken);

    Task<IReadOnlyList<SweptIntercept>> SweepAsync(SweepOptions options, IProgress<InterceptStep>? progress, CancellationToken cancellationToken);

    /// <summary>A handler for <c>http://name.namespace:port/</c>, through the Kubernetes API.</summary>
    HttpMessageHandler CreateServiceHandler();
}
