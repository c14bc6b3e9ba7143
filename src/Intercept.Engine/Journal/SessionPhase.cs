namespace Intercept.Engine.Journal;

/// <summary>Phases that a Session's status goes through.</summary>
internal enum SessionPhase
{
    Pending,
    Prepared,
    Hijacking,
    Active,
    Closing,
    Restored,
}
