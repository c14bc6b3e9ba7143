using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Intercept.HeaderPropagation;

/// <summary>Picks the headers that travel on, and copies them: the request's own collection is reused after its end.</summary>
internal sealed class HeaderSelection(IOptions<InterceptHeaderPropagationOptions> options, ILogger<HeaderSelection> logger)
{
    private readonly string[] _prefixes = [.. options.Value.Prefixes];
    private readonly FrozenSet<string> _names = options.Value.Names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<CapturedHeader> Of(IHeaderDictionary headers)
    {
        List<CapturedHeader>? captured = null;
        foreach (var (name, values) in headers)
        {
            if (!IsWanted(name))
            {
                continue;
            }

            var sendable = values.OfType<string>().Where(HeaderNames.CanBeSent).ToArray();
            if (sendable.Length < values.Count)
            {
                logger.LeftOut(name);
            }

            if (sendable.Length > 0)
            {
                (captured ??= []).Add(new CapturedHeader(name, sendable));
            }
        }

        return captured ?? (IReadOnlyList<CapturedHeader>)[];
    }

    private bool IsWanted(string name) =>
        (_names.Contains(name) || Array.Exists(_prefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        && HeaderNames.MayTravel(name);
}
