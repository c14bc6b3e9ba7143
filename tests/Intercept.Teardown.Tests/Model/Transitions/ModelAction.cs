using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Transitions;

/// <summary>Somebody makes a step.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Step">What. Where a call can end in several ways, each way is a step of its own.</param>
/// <param name="Of">Whose participant it is about.</param>
internal readonly record struct ModelAction(Actor Actor, Step Step, Holders Of)
{
    public override string ToString() => Actor is Actor.Sweeper or Actor.Reaper && Of != Holders.None ? $"{Actor}: {Step} of {Of}" : $"{Actor}: {Step}";
}
