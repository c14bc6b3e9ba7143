namespace Intercept.Teardown.Tests.Loads;

/// <summary>
/// One connection of a caller. A Service balances connections, not requests: who answers is decided when the connection is made.
/// One from before an intercept stays with the original; one to the proxy is ended when the intercept is closed.
/// </summary>
internal sealed class LoadConnection(Phase opened)
{
    private Phase _opened = opened;
    private bool _isConfirmed;

    /// <summary>How many answers came while an intercept was open that the connection is too old for.</summary>
    public int EarlyAnswers { get; private set; }

    /// <summary>Notes an answer, and tells who should have given it to a marked request.</summary>
    /// <param name="now">The phase after the answer.</param>
    public Expected Answered(Phase now)
    {
        if (!_isConfirmed)
        {
            // A node accepts a connection a little after its caller has it: it counts for the phase in which its first answer came, too.
            _opened = now == _opened ? now : now with { Kind = PhaseKind.Switching };
            _isConfirmed = true;
        }
        else if (_opened.Kind == PhaseKind.Switching && now.Kind == PhaseKind.Original)
        {
            // The close has ended those to the proxy: this one leads to the original.
            _opened = now;
        }

        EarlyAnswers += _opened.Kind == PhaseKind.Original && now.Kind == PhaseKind.Intercepted ? 1 : 0;
        return _opened.Kind switch
        {
            PhaseKind.Original => Expected.Original,
            PhaseKind.Intercepted when now == _opened => Expected.Test,
            _ => Expected.Either,
        };
    }
}

/// <summary>Who has to answer.</summary>
internal enum Expected
{
    Original,
    Test,
    Either,
}
