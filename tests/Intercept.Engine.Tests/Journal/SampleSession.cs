using System.Text.Json.Nodes;
using Intercept.Engine.Journal;
using Intercept.Proxy.Protocol;

namespace Intercept.Engine.Tests.Journal;

/// <summary>A Session of Service shop/leaf as it may stand in a cluster.</summary>
internal static class SampleSession
{
    public static SessionSpec Spec { get; } = new()
    {
        Nonce = "0123456789abcdef0123456789abcdef",
        Service = new SessionTarget("shop", "leaf", "service-uid"),
        Original = new ServiceRouting(new Dictionary<string, string> { ["app"] = "leaf" }, [new PortTarget(3010, "TCP", "3010")]),
        Hijack = new ServiceRouting(new Dictionary<string, string> { ["app"] = "interceptor" }, [new PortTarget(3010, "TCP", "80")]),
        RestoreService = new RestoreService(new JsonArray(), new JsonObject()),
        Residue = new SessionResidue("interceptor-leaf", "interceptor-leaf", "interceptor-leaf-decoy"),
        Claim = new SessionClaim("X-C6O-INTERCEPT", "yes", "X-C6O-INTERCEPT", "t-1-"),
        Holder = new SessionHolder("A test", "alice", "laptop", "boot", 1, "2", "2026-01-01T00:00:00Z"),
        TtlSeconds = 30,
    };
}
