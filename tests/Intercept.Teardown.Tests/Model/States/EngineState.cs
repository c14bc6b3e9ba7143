namespace Intercept.Teardown.Tests.Model.States;

/// <summary>What one engine knows.</summary>
/// <param name="Progress">The step that it has made.</param>
/// <param name="HasFreshRead">Nobody has written the Service since the engine read it: its compare-and-swap succeeds.</param>
/// <param name="Listing">The Sessions that there were when it began to close.</param>
internal readonly record struct EngineState(Progress Progress, bool HasFreshRead, Holders Listing);
