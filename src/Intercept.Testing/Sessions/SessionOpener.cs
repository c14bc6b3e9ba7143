using System.Collections.Concurrent;
using Intercept.Testing.Clusters;
using Intercept.Testing.Recording;
using Intercept.Testing.Targets;

namespace Intercept.Testing.Sessions;

/// <summary>Opens the engine's intercept with the recorder and the target behind it.</summary>
internal sealed class SessionOpener(IInterceptor interceptor, ServiceClients clients, TimeProvider time)
{
    private readonly ConcurrentDictionary<InterceptSession, byte> _open = new();

    /// <summary>The sessions that were not closed yet.</summary>
    public ICollection<InterceptSession> Open => _open.Keys;

    public async Task<InterceptSession> OpenAsync(
        ServiceReference service, InterceptTarget target, InterceptOptions options, CancellationToken cancellationToken)
    {
        var rule = OptionsCheck.CreateRule(options);
        var running = target.Start();
        try
        {
            var log = new CallLog(service, rule, options.MaxRecordedCalls, options.MaxRecordedBodyBytes, time);
            var interception = await interceptor.OpenAsync(
                service, rule, RequestPipeline.Create(log, running), options, cancellationToken);
            var scope = new SessionScope(interception, options, clients, time, closed => _open.TryRemove(closed, out _));
            var session = new InterceptSession(scope, rule, running, ownsTarget: true, log, route: null);
            _open.TryAdd(session, default);
            return session;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }
}
