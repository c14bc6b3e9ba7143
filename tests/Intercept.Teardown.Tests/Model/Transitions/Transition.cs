using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Transitions;

/// <summary>A step, and the state after it.</summary>
internal readonly record struct Transition(ModelAction Action, ModelState Next);
