namespace Intercept.Teardown.Tests.Model;

/// <summary>What must hold; I in every state, F when nobody has anything left to do.</summary>
public enum Invariant
{
    I1HijackedHasRecord,
    I2HijackedHasProxyAndDecoy,
    I4HijackedHasParticipant,
    F1ServiceIsAsItsOwnerWants,
    F2NothingIsLeft,
    F3LiveParticipantStays,
    F4MixedHasRecord,
    F5MixedIsRepaired,
}
