using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Intercept.Testing.Recording;

/// <summary>Headers that stay what they are when Kestrel uses its own collection for the next request.</summary>
internal static class HeaderCopy
{
    public static IReadOnlyDictionary<string, StringValues> None { get; } = new Dictionary<string, StringValues>();

    public static IReadOnlyDictionary<string, StringValues> Of(IHeaderDictionary headers)
    {
        var copy = new Dictionary<string, StringValues>(headers.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in headers)
        {
            // HTTP/2's own fields, which Kestrel shows as headers, are told by method, path and host already.
            if (!name.StartsWith(':'))
            {
                copy[name] = values;
            }
        }

        return copy;
    }
}
