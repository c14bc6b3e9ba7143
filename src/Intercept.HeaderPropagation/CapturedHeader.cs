namespace Intercept.HeaderPropagation;

/// <summary>A header of the incoming request, with all its values.</summary>
internal sealed record CapturedHeader(string Name, string[] Values);
