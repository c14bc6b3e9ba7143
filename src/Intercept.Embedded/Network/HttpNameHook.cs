using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Reflection;

namespace Intercept.Embedded.Network;

/// <summary>
/// Cluster DNS for every <see cref="HttpClient"/> of a pod, also one made with <c>new</c>: the runtime announces each
/// request before it picks a connection, and the address is swapped then and put back with the answer.
/// </summary>
/// <remarks>
/// Only the two legacy events are subscribed: no Activity is created and no traceparent appears because of this.
/// A <see cref="SocketsHttpHandler"/> whose ActivityHeadersPropagator is null does not announce its requests and stays outside
/// the cluster's network; <see cref="DistributedContextPropagator.CreateNoOutputPropagator"/> has the same effect without that.
/// </remarks>
internal sealed class HttpNameHook : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string Requesting = "System.Net.Http.Request";
    private const string Answered = "System.Net.Http.Response";

    // A proxy has reasons to send a path as it came.
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly ClusterNetwork _network;
    private readonly ClusterNames _names;
    private readonly ConcurrentDictionary<Guid, Original> _rewritten = new();
    private readonly ConcurrentDictionary<(Type, string), PropertyInfo> _properties = new();
    private readonly ConcurrentBag<IDisposable> _subscriptions = [];

    public HttpNameHook(ClusterNetwork network, ClusterNames names)
    {
        _network = network;
        _names = names;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "HttpHandlerDiagnosticListener")
        {
            _subscriptions.Add(value.Subscribe(this, IsEnabled));
        }

        static bool IsEnabled(string name) => name is Requesting or Answered;
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == Requesting && PodContext.Current is { } pod && ReferenceEquals(pod.Cluster, _network))
        {
            Rewrite(pod, Read<HttpRequestMessage>(value.Value!, "Request"), Read<Guid>(value.Value!, "LoggingRequestId"));
        }
        else if (value.Key == Answered && !_rewritten.IsEmpty && _rewritten.TryRemove(Read<Guid>(value.Value!, "LoggingRequestId"), out var original))
        {
            original.Restore();
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Dispose();
        }
    }

    private void Rewrite(PodContext pod, HttpRequestMessage request, Guid id)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true, HostNameType: not UriHostNameType.Unknown } uri)
        {
            return;
        }

        var destination = _names.Resolve(pod, uri.IdnHost, uri.Port);
        if (destination.Host is not { } host)
        {
            throw new HttpRequestException(
                HttpRequestError.NameResolutionError,
                $"Name or service not known ({uri.Authority}): no Service of the embedded cluster has that name, seen from namespace {pod.Namespace}.",
                new SocketException((int)SocketError.HostNotFound));
        }

        if (destination.Real is null && (uri.HostNameType != UriHostNameType.Dns || string.Equals(host, uri.IdnHost.TrimEnd('.'), StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        _rewritten[id] = new Original(request, uri, request.Headers.Host);
        request.Headers.Host ??= uri.Authority;
        request.RequestUri = new Uri($"{uri.Scheme}://{host}:{destination.Port}{uri.PathAndQuery}", Verbatim);
    }

    private T Read<T>(object source, string property) =>
        (T)_properties.GetOrAdd((source.GetType(), property), static key => key.Item1.GetProperty(key.Item2)!).GetValue(source)!;

    private sealed record Original(HttpRequestMessage Request, Uri Uri, string? Host)
    {
        public void Restore()
        {
            Request.RequestUri = Uri;
            Request.Headers.Host = Host;
        }
    }
}
