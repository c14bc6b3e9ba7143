using System.Text.Json;
using Intercept.Engine;
using Intercept.Engine.Guarding;
using k8s;

namespace Intercept.Watchdog;

/// <summary>Knows what a test process has open, and closes it when that process has ended.</summary>
internal sealed class Guard(WatchdogLog log, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long to try. Then the proxy's reaper has closed it, or the next run will.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, Closer> _open = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _warmth = new();
    private readonly List<Task> _warming = [];
    private Kubernetes? _client;

    /// <summary>Listens until the lines end, or until it is asked to end while nothing is open.</summary>
    public async Task ListenAsync(TextReader lines, CancellationToken endRequested)
    {
        _warming.Add(Rehearsal.RunAsync(time, _warmth.Token));
        while (!(endRequested.IsCancellationRequested && _open.Count == 0))
        {
            try
            {
                if (await lines.ReadLineAsync(_open.Count == 0 ? endRequested : CancellationToken.None) is not { } line)
                {
                    return;
                }

                Take(WatchdogLine.Parse(line));
            }
            catch (OperationCanceledException) when (endRequested.IsCancellationRequested)
            {
                // The condition of the loop decides.
            }
            catch (JsonException exception)
            {
                // The test process may have ended in the middle of a line.
                log.Report(exception.Message);
            }
        }
    }

    /// <summary>Closes what is open.</summary>
    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> CloseAllAsync()
    {
        if (_open.Count == 0)
        {
            return true;
        }

        log.Report($"the test process has ended with {_open.Count} intercept(s) open");
        using var limit = new CancellationTokenSource(Patience, time);
        var closed = await Task.WhenAll(_open.Values.Select(closer => closer.RunAsync(limit.Token)));
        if (closed.Contains(false))
        {
            return false;
        }

        log.Delete();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _warmth.CancelAsync();
        await Task.WhenAll(_warming);
        _client?.Dispose();
        _warmth.Dispose();
    }

    private void Take(WatchdogLine line)
    {
        if (line.Cluster is { } access)
        {
            _client = new Kubernetes(access.ToConfiguration());
        }

        if (line.Opening is { } opening && _client is { } client)
        {
            var closer = new Closer(ClusterConnection.Over(client, time), opening, log, time);
            _open[opening.Nonce] = closer;
            _warming.Add(closer.WarmUpAsync(_warmth.Token));
        }

        if (line.Closed is { } nonce)
        {
            _open.Remove(nonce);
        }
    }
}
