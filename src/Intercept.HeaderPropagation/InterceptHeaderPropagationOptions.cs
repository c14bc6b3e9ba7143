namespace Intercept.HeaderPropagation;

/// <summary>Which headers of an incoming request go along with the calls that are made while it is answered.</summary>
public sealed class InterceptHeaderPropagationOptions
{
    /// <summary>The prefix of the original Intercept's headers: <c>x-c6o-</c>.</summary>
    public const string DefaultPrefix = "x-c6o-";

    /// <summary>Headers whose names begin with one of these, without regard to case. The default is <c>x-c6o-</c> alone.</summary>
    public IList<string> Prefixes { get; } = [DefaultPrefix];

    /// <summary>Headers with exactly these names, without regard to case. The default is none.</summary>
    public IList<string> Names { get; } = [];
}
