using Intercept.Engine.Hijacking;
using Intercept.Engine.Journal;

namespace Intercept.Engine.Tests.Hijacking;

public sealed class RuleOverlapTests
{
    private static readonly SessionClaim Alice = new("X-C6O-INTERCEPT", "alice", "X-C6O-INTERCEPT", "t-0011-");

    [Theory]
    [InlineData("x-c6o-intercept", "alice", true)]
    [InlineData("X-C6O-INTERCEPT", "Alice", false)]
    [InlineData("X-C6O-INTERCEPT", "bob", false)]
    [InlineData("X-OTHER", "alice", false)]
    [InlineData("X-C6O-INTERCEPT", "t-0011-anything", true)]
    [InlineData("", "", false)]
    public void Two_claims_overlap_where_a_request_would_match_both(string header, string value, bool expected)
    {
        var other = new SessionClaim(header, value, "X-C6O-INTERCEPT", "t-ffff-");

        Assert.Equal(expected, RuleOverlap.Overlap(Alice, other));
        Assert.Equal(expected, RuleOverlap.Overlap(other, Alice));
    }

    [Fact]
    public void All_traffic_can_be_claimed_once()
    {
        var all = new SessionClaim(string.Empty, string.Empty, "X-C6O-INTERCEPT", "t-1-");

        Assert.True(RuleOverlap.Overlap(all, all with { TestValuePrefix = "t-2-" }));
    }
}
