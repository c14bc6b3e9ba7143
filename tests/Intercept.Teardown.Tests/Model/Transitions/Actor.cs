namespace Intercept.Teardown.Tests.Model.Transitions;

/// <summary>Who acts.</summary>
internal enum Actor : byte
{
    /// <summary>The engine of the first participant.</summary>
    A,

    /// <summary>The engine of the second participant.</summary>
    B,

    /// <summary>A later run, or the watchdog: closes the dead from outside the cluster.</summary>
    Sweeper,

    /// <summary>The agent in the proxy pod; lives as long as the Deployment.</summary>
    Reaper,

    /// <summary>The part of an active engine that watches the Service for drift.</summary>
    Guard,

    /// <summary>The owner of the Service with kubectl.</summary>
    ThirdParty,
}
