namespace Intercept.Teardown.Tests.Model.States;

/// <summary>How far the engine of a participant has come. From <see cref="Closing"/> on, each step of closing adds one.</summary>
internal enum Progress : byte
{
    Started = 0,
    HasSession = 1,
    HasDeployment = 2,
    HasDecoy = 3,
    HasReadService = 4,
    HasVerified = 5,
    HijackedTooEarly = 6,
    HasLateDeployment = 7,
    Active = 8,
    Closing = 11,
    Done = 18,
    Crashed = 19,
}
