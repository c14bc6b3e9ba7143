namespace Intercept.Teardown.Tests.Model.States;

/// <summary>Where somebody who closes another's participant stands: the sweeper of a next run, or the reaper in the cluster.</summary>
/// <param name="Next">The step that comes next, counted from 1; 0 when idle.</param>
/// <param name="Of">Whom it closes.</param>
/// <param name="FoundFence">It read the Service with that fence up already, and has nothing to write there.</param>
internal readonly record struct CloserState(int Next, Holders Of, bool FoundFence = false)
{
    public bool IsIdle => Next == 0;
}
