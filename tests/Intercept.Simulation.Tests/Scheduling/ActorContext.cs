namespace Intercept.Simulation.Tests.Scheduling;

/// <summary>Brings the continuations of an actor's code to the scheduler.</summary>
internal sealed class ActorContext(Scheduler scheduler, Actor actor) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => scheduler.Post(actor, d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Code under the scheduler never blocks.");

    public override SynchronizationContext CreateCopy() => this;
}
