#if XUNIT_V2
using Xunit.Abstractions;
#else
using Xunit;
#endif

namespace Intercept.Testing.Xunit;

/// <summary>Where a fixture's steps are told: to the test that waits for them, otherwise as xunit's diagnostic messages.</summary>
internal sealed class FixtureOutput : IProgress<InterceptStep>
{
#if XUNIT_V2
    private readonly IMessageSink? _diagnostics;
#endif
    private readonly Lock _gate = new();
    private Action<string>? _test;

#if XUNIT_V2
    public FixtureOutput(IMessageSink? diagnostics) => _diagnostics = diagnostics;
#endif

    /// <summary>Tells the steps to a test's output until the result is disposed, which must happen before the test ends: its output refuses lines afterwards.</summary>
    public IDisposable TellTo(ITestOutputHelper? output)
    {
        lock (_gate)
        {
            _test = output is null ? null : output.WriteLine;
        }

        return new Telling(this);
    }

    public void Report(InterceptStep value)
    {
        var line = InterceptProgress.Format(value);
        lock (_gate)
        {
            (_test ?? WriteDiagnostic)(line);
        }
    }

    private void WriteDiagnostic(string line)
    {
#if XUNIT_V2
        _diagnostics?.OnMessage(new Diagnostic(line));
#else
        TestContext.Current.SendDiagnosticMessage(line);
#endif
    }

    private sealed class Telling(FixtureOutput owner) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._test = null;
            }
        }
    }

#if XUNIT_V2
    private sealed record Diagnostic(string Message) : IDiagnosticMessage;
#endif
}
