namespace Intercept.Testing.FluentAssertions;

/// <summary>Text that a message takes as it is: FluentAssertions would put strings in quotes, and read braces in its format as placeholders.</summary>
internal sealed class VerbatimText(string text)
{
    public override string ToString() => text;
}
