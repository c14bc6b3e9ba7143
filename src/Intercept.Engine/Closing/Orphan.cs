namespace Intercept.Engine.Closing;

/// <summary>A participant that nobody will close any more.</summary>
/// <param name="Target">Who.</param>
/// <param name="Reason">Why, in words that begin a sentence.</param>
internal sealed record Orphan(ClosingTarget Target, string Reason);
