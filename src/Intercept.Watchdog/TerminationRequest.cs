using System.Runtime.InteropServices;

namespace Intercept.Watchdog;

/// <summary>
/// Signals to this process. Whoever ends a test run often signals all its processes at once, and this one must outlive the
/// others: it ends by itself when they have and nothing is open. SIGTERM ends it sooner, where nothing is open.
/// </summary>
internal sealed class TerminationRequest : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly List<PosixSignalRegistration> _registrations;

    public TerminationRequest() => _registrations =
    [
        .. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
            .Select(signal => PosixSignalRegistration.Create(signal, context => context.Cancel = true)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerminate),
    ];

    /// <summary>Cancelled by SIGTERM.</summary>
    public CancellationToken Token => _requested.Token;

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _requested.Dispose();
    }

    private void OnTerminate(PosixSignalContext context)
    {
        context.Cancel = true;
        _requested.Cancel();
    }
}
