using System.Collections.Concurrent;
using System.Globalization;
using Intercept.Testing.Sessions;
using Microsoft.AspNetCore.Http;

namespace Intercept.Testing.Tests.Fakes;

/// <summary>
/// Intercepts without a cluster: one server stands for Service, proxy and tunnel together. It gives requests that match a rule
/// to its handler, all others the in-cluster answer, and knows the one Service <c>shop/frontend</c> when asked as an API server.
/// </summary>
internal sealed class FakeInterceptor : IInterceptor, IAsyncDisposable
{
    public const string InCluster = "in the cluster";

    private readonly ConcurrentDictionary<HeaderRule, RequestDelegate> _routes = new();
    private TunnelEnd _server = null!;

    public Uri Address => _server.Http1;

    public ConcurrentQueue<InterceptOptions> Opened { get; } = new();

    public ConcurrentQueue<string> Events { get; } = new();

    public ConcurrentQueue<int> Ports { get; } = new();

    public TaskCompletionSource Loss { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Exception? FailOpening { get; set; }

    public Exception? FailClosing { get; set; }

    public static async Task<FakeInterceptor> StartAsync(CancellationToken cancellationToken)
    {
        var fake = new FakeInterceptor();
        fake._server = await TunnelEnd.StartAsync(fake.DispatchAsync, cancellationToken);
        return fake;
    }

    public Task<IInterception> OpenAsync(
        ServiceReference service, HeaderRule rule, RequestDelegate handler, InterceptOptions options, CancellationToken cancellationToken)
    {
        Opened.Enqueue(options);
        options.Progress?.Report(new InterceptStep(TimeSpan.FromMilliseconds(1234), "proxy ready"));
        if (FailOpening is { } failure)
        {
            return Task.FromException<IInterception>(failure);
        }

        _routes[rule] = handler;
        return Task.FromResult<IInterception>(new FakeInterception(this, service, rule));
    }

    public ConcurrentQueue<ResidueReport> Residue { get; } = new();

    public Task<ResidueReport> GetResidueAsync(ResidueOptions options, CancellationToken cancellationToken) =>
        Task.FromResult(Residue.TryDequeue(out var report) ? report : new ResidueReport());

    public Task<IReadOnlyList<SweptIntercept>> SweepAsync(
        SweepOptions options, IProgress<InterceptStep>? progress, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SweptIntercept>>([]);

    public HttpMessageHandler CreateServiceHandler() => new SocketsHttpHandler
    {
        ConnectCallback = async (context, token) =>
        {
            Ports.Enqueue(context.DnsEndPoint.Port);
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            await socket.ConnectAsync(_server.Http1.Host, _server.Http1.Port, token);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
    };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task DispatchAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/api/v1/namespaces/shop/services", out var rest))
        {
            return AnswerAsApiAsync(context, rest);
        }

        var handler = _routes.FirstOrDefault(route => context.Request.Headers[route.Key.Name] == route.Key.Value).Value;
        return handler?.Invoke(context) ?? context.Response.WriteAsync(InCluster);
    }

    private static Task AnswerAsApiAsync(HttpContext context, PathString rest)
    {
        const string Frontend = """{"apiVersion":"v1","kind":"Service","metadata":{"name":"frontend","namespace":"shop"},"spec":{"ports":[{"port":3030},{"port":9090}]}}""";
        context.Response.ContentType = "application/json";
        if (rest == "/frontend")
        {
            return context.Response.WriteAsync(Frontend);
        }

        if (!rest.HasValue)
        {
            return context.Response.WriteAsync($$"""{"apiVersion":"v1","kind":"ServiceList","items":[{{Frontend}}]}""");
        }

        context.Response.StatusCode = 404;
        return context.Response.WriteAsync("""{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}""");
    }

    private sealed class FakeInterception(FakeInterceptor owner, ServiceReference service, HeaderRule opened) : IInterception
    {
        private int _tests;

        public ServiceReference Service => service;

        public string SessionName => "intercept-shop-leaf";

        public HeaderRule Rule => opened;

        public IReadOnlyList<string> Undo { get; } = ["kubectl delete"];

        public IReadOnlyList<InterceptStep> Timeline { get; } = [new(TimeSpan.Zero, "opened")];

        public Task Lost => owner.Loss.Task;

        public HeaderRule CreateTestRule() =>
            HeaderRule.Create(opened.Name, string.Create(CultureInfo.InvariantCulture, $"{opened.Value}-{Interlocked.Increment(ref _tests)}"));

        public Task<IAsyncDisposable> AddRouteAsync(HeaderRule rule, RequestDelegate handler, CancellationToken cancellationToken)
        {
            owner._routes[rule] = handler;
            return Task.FromResult<IAsyncDisposable>(new Route(owner, rule));
        }

        public Task CloseAsync(CancellationToken cancellationToken)
        {
            owner._routes.TryRemove(opened, out _);
            owner.Events.Enqueue("closed");
            return owner.FailClosing is { } failure ? Task.FromException(failure) : Task.CompletedTask;
        }

        public async ValueTask DisposeAsync()
        {
            owner._routes.TryRemove(opened, out _);
            owner.Events.Enqueue("disposed");
            await (owner.FailClosing is { } failure ? Task.FromException(failure) : Task.CompletedTask);
        }
    }

    private sealed class Route(FakeInterceptor owner, HeaderRule rule) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            owner._routes.TryRemove(rule, out _);
            owner.Events.Enqueue("route removed");
            return ValueTask.CompletedTask;
        }
    }
}
