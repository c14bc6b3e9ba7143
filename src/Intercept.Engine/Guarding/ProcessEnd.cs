using System.Runtime.InteropServices;

namespace Intercept.Engine.Guarding;

/// <summary>
/// Holds up the end of this process until its intercepts are closed: a signal, an unhandled exception, an exit. What ends the
/// process then is what would have ended it anyway: the signal's default action, another handler, the exception.
/// </summary>
internal sealed class ProcessEnd : IDisposable
{
    /// <summary>The longest that the end of the process is held up; docker stop kills after as long.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // .NET 10 raises no ProcessExit for SIGTERM and SIGHUP.
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly Func<string, Task> _close;
    private readonly List<PosixSignalRegistration> _registrations;

    /// <param name="close">Closes what is open; hears why.</param>
    public ProcessEnd(Func<string, Task> close)
    {
        _close = close;
        _registrations = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, context => CloseFirst(context.Signal.ToString())))];
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void OnExit(object? sender, EventArgs e) => CloseFirst("the process exits");

    private void OnUnhandledException(object? sender, UnhandledExceptionEventArgs e)
    {
        if (e.IsTerminating)
        {
            CloseFirst($"unhandled {e.ExceptionObject.GetType().Name}");
        }
    }

    /// <summary>
    /// Blocks, as nothing else holds up the runtime: it calls from a thread of its own, and goes on to end the process when
    /// this returns. Not cancelling the signal leaves its outcome to the other handlers and to the system.
    /// </summary>
    private void CloseFirst(string why)
    {
        var closing = Task.Run(() => _close(why));

        // Whatever goes wrong, the process ends, and the intercept's own log tells; the watchdog and the others come after us.
        Task.WaitAny([closing], Limit);
    }
}
