using Intercept.Testing.Clusters;
using Intercept.Testing.Recording;

namespace Intercept.Testing.Sessions;

/// <summary>What a session and the tests that share its intercept have in common.</summary>
internal sealed class SessionScope(IInterception interception, InterceptOptions options, ServiceClients clients, TimeProvider time, Action<InterceptSession> forget)
{
    private readonly long _begun = time.GetTimestamp();

    public IInterception Interception => interception;

    public ServiceClients Clients => clients;

    public TimeProvider Time => time;

    /// <summary>The engine keeps to the close time-out by itself; the margin lets its own report come first.</summary>
    public TimeSpan CloseTimeout =>
        options.Timeouts.Close == Timeout.InfiniteTimeSpan ? Timeout.InfiniteTimeSpan : options.Timeouts.Close + TimeSpan.FromSeconds(5);

    public CallLog CreateLog(HeaderRule rule) => new(interception.Service, rule, options.MaxRecordedCalls, options.MaxRecordedBodyBytes, time);

    public void Report(string text) => options.Progress?.Report(new InterceptStep(time.GetElapsedTime(_begun), text));

    public void Forget(InterceptSession session) => forget(session);
}
