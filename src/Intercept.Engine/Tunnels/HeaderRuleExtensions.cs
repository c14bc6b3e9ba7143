using Intercept.Proxy.Contract;

namespace Intercept.Engine.Tunnels;

/// <summary>Rules as the proxy knows them.</summary>
internal static class HeaderRuleExtensions
{
    /// <summary>The same rule in the contract's form.</summary>
    public static RouteRule ToRouteRule(this HeaderRule rule) => new(rule.Name, rule.Value);
}
