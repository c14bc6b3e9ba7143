using System.Collections.Concurrent;
using System.Diagnostics;

namespace Intercept.Engine.Tests.Reaping;

/// <summary>
/// What the reapers of one embedded cluster ask its API, with the answers: they run in this process, whose HTTP clients
/// announce their requests.
/// </summary>
internal sealed class ReaperTraffic : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string Answered = "System.Net.Http.Response";

    private readonly Uri _server;
    private readonly ConcurrentQueue<ReaperCall> _calls = new();
    private readonly ConcurrentBag<IDisposable> _subscriptions = [];

    public ReaperTraffic(Uri server)
    {
        _server = server;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    /// <summary>Every answered call since the last <see cref="Forget"/>.</summary>
    public IReadOnlyList<ReaperCall> Calls => [.. _calls];

    /// <summary>The token that was shown last; empty where none was.</summary>
    public string Token { get; private set; } = string.Empty;

    public void Forget() => _calls.Clear();

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "HttpHandlerDiagnosticListener")
        {
            _subscriptions.Add(value.Subscribe(this, name => name == Answered));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == Answered
            && value.Value?.GetType().GetProperty("Response")?.GetValue(value.Value) is HttpResponseMessage { RequestMessage: { } request } response
            && request.RequestUri?.Port == _server.Port
            && request.Headers.UserAgent.ToString().StartsWith("intercept-reaper/", StringComparison.Ordinal))
        {
            Token = request.Headers.Authorization!.ToString();
            _calls.Enqueue(new ReaperCall(request.Method.Method, request.RequestUri.AbsolutePath, (int)response.StatusCode));
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
}

/// <summary>One call, and how it ended.</summary>
internal sealed record ReaperCall(string Method, string Path, int Status);
