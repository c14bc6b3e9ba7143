using System.Buffers;

namespace Intercept;

/// <summary>Field names and values of RFC 9110, sections 5.1 and 5.5.</summary>
internal static class HeaderSyntax
{
    private const int MaxValueLength = 1024;

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Whether the text is a field name (a token).</summary>
    public static bool IsFieldName(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenCharacters);

    /// <summary>Whether the text is a field value that arrives as it was sent: visible ASCII, blanks only inside.</summary>
    public static bool IsFieldValue(string text) =>
        text.Length is > 0 and <= MaxValueLength
        && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')
        && text[0] != ' '
        && text[^1] != ' ';
}
