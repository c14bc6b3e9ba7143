namespace Intercept;

/// <summary>One step of an intercept's life, as it is reported to the test output.</summary>
/// <param name="Elapsed">Time since the intercept began to open, or to close.</param>
/// <param name="Text">What was done or found, in one line.</param>
public sealed record InterceptStep(TimeSpan Elapsed, string Text);
