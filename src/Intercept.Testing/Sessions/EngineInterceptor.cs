using Intercept.Engine;
using Intercept.Engine.Closing;
using Microsoft.AspNetCore.Http;

namespace Intercept.Testing.Sessions;

/// <summary>The engine as the sessions see it.</summary>
internal sealed class EngineInterceptor(InterceptEngine engine) : IInterceptor
{
    public async Task<IInterception> OpenAsync(
        ServiceReference service, HeaderRule rule, RequestDelegate handler, InterceptOptions options, CancellationToken cancellationToken) =>
        new EngineInterception(await engine.OpenAsync(CreatePlan(service, rule, handler, options), options.Progress, cancellationToken));

    public Task<ResidueReport> GetResidueAsync(ResidueOptions options, CancellationToken cancellationToken) =>
        engine.GetResidueAsync(options.Namespaces, options.Mine, cancellationToken);

    public Task<IReadOnlyList<SweptIntercept>> SweepAsync(
        SweepOptions options, IProgress<InterceptStep>? progress, CancellationToken cancellationToken) => engine.SweepAsync(
        options.Namespaces,
        new SweepScope { Mine = options.Mine, OlderThan = options.OlderThan, Living = options.Living },
        thorough: true,
        progress,
        cancellationToken);

    public HttpMessageHandler CreateServiceHandler() => engine.CreateServiceHandler();

    internal static InterceptPlan CreatePlan(ServiceReference service, HeaderRule rule, RequestDelegate handler, InterceptOptions options)
    {
        var plan = new InterceptPlan
        {
            Service = service,
            Rule = rule,
            Handler = handler,
            Port = options.Port,
            ProveThrough = options.ProveThrough is { } entry ? EntryPoint.Parse(entry) : null,
            WhenLost = options.WhenLost,
            ProxyImage = options.ProxyImage,
            WhenBusy = options.WhenBusy,
            WhenReverted = options.WhenReverted,
            SelectorStyle = options.SelectorStyle,
            RequireSelfHealing = options.Strict,
            Timeouts = options.Timeouts,
            Holder = options.Holder ?? $"{Environment.UserName} on {Environment.MachineName}",
        };
        return options.TimeToLive is { } timeToLive ? plan with { TimeToLive = timeToLive } : plan;
    }

    private sealed class EngineInterception(Interception interception) : IInterception
    {
        public ServiceReference Service => interception.Service;

        public string SessionName => interception.SessionName;

        public HeaderRule Rule => interception.Rule;

        public IReadOnlyList<string> Undo => interception.Undo;

        public IReadOnlyList<InterceptStep> Timeline => interception.Timeline;

        public Task Lost => interception.Lost;

        public HeaderRule CreateTestRule() => interception.CreateTestRule();

        public Task<IAsyncDisposable> AddRouteAsync(HeaderRule rule, RequestDelegate handler, CancellationToken cancellationToken) =>
            interception.AddRouteAsync(rule, handler, cancellationToken);

        public Task CloseAsync(CancellationToken cancellationToken) => interception.CloseAsync(cancellationToken);

        public ValueTask DisposeAsync() => interception.DisposeAsync();
    }
}
