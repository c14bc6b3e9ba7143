namespace Intercept.Teardown.Tests.Model.Replay.Stepping;

/// <summary>What a call of the API does.</summary>
internal enum CallVerb
{
    Read,
    Write,
    Delete,

    /// <summary>Writes into a Session that it is being closed.</summary>
    Mark,
}
