using System.Diagnostics.CodeAnalysis;
using Intercept.Proxy.Contract;

namespace Intercept.Proxy.Routing;

/// <summary>
/// All rules that are on. Reading takes no lock and costs one look-up for each header name in use, however many values
/// there are; writing copies.
/// </summary>
internal sealed class RouteTable
{
    private readonly Lock _gate = new();
    private volatile Snapshot _snapshot = new([], null);

    /// <summary>The route of a request on a port: header rules first, all-traffic rules last; null where none matches.</summary>
    public LiveRoute? Find(IHeaderDictionary headers, string portName)
    {
        var snapshot = _snapshot;
        foreach (var (name, routes) in snapshot.ByName)
        {
            foreach (var value in headers[name])
            {
                // Exact, and not split by comma: a value that holds commas is one value here.
                if (value is not null && routes.TryGetValue(value.AsSpan().Trim(" \t"), out var route) && route.IsFor(portName))
                {
                    return route;
                }
            }
        }

        return snapshot.AllTraffic?.IsFor(portName) == true ? snapshot.AllTraffic : null;
    }

    /// <summary>Whether a header of this name takes part in routing.</summary>
    public bool UsesHeader(string name)
    {
        foreach (var (used, _) in _snapshot.ByName)
        {
            if (string.Equals(used, name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The route that has exactly this rule.</summary>
    public bool TryGet(RouteRule rule, [NotNullWhen(true)] out LiveRoute? route)
    {
        route = All().FirstOrDefault(candidate => candidate.Rule.Equals(rule));
        return route is not null;
    }

    /// <summary>Takes routes out and puts others in, in one step.</summary>
    public void Replace(LiveRoute[] remove, LiveRoute[] add)
    {
        lock (_gate)
        {
            _snapshot = Snapshot.Of([.. All().Except(remove), .. add]);
        }
    }

    private IEnumerable<LiveRoute> All()
    {
        var snapshot = _snapshot;
        var routes = snapshot.ByName.SelectMany(entry => entry.Routes.Dictionary.Values);
        return snapshot.AllTraffic is null ? routes : routes.Append(snapshot.AllTraffic);
    }

    private readonly record struct NamedRoutes(
        string Name, Dictionary<string, LiveRoute>.AlternateLookup<ReadOnlySpan<char>> Routes);

    private sealed record Snapshot(NamedRoutes[] ByName, LiveRoute? AllTraffic)
    {
        public static Snapshot Of(LiveRoute[] routes) => new(
            [.. routes
                .Where(route => !route.Rule.IsAllTraffic())
                .GroupBy(route => route.Rule.Name, StringComparer.OrdinalIgnoreCase)
                .OrderBy(group => group.Key, StringComparer.OrdinalIgnoreCase)
                .Select(group => new NamedRoutes(group.Key, group
                    .ToDictionary(route => route.Rule.Value, StringComparer.Ordinal)
                    .GetAlternateLookup<ReadOnlySpan<char>>()))],
            routes.FirstOrDefault(route => route.Rule.IsAllTraffic()));
    }
}
