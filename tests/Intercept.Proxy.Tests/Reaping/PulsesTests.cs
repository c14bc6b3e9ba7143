using System.Text.Json.Nodes;
using Intercept.Proxy.Protocol;
using Intercept.Proxy.Reaping;
using Microsoft.Extensions.Time.Testing;

namespace Intercept.Proxy.Tests.Reaping;

public sealed class PulsesTests
{
    private static readonly Participant Alice = new("intercept-shop-leaf", "1");

    private readonly FakeTimeProvider _time = new();
    private readonly Pulses _pulses;

    public PulsesTests() => _pulses = new Pulses(_time);

    [Fact]
    public void A_holder_is_dead_when_its_heartbeat_has_stood_still_for_its_time_to_live()
    {
        Assert.False(_pulses.IsDead(Alice, Session("1")));
        Advance(29.9);
        Assert.False(_pulses.IsDead(Alice, Session("1")));
        Advance(0.1);
        Assert.True(_pulses.IsDead(Alice, Session("1")));
    }

    [Fact]
    public void Any_change_of_the_heartbeat_is_a_sign_of_life_whatever_it_says()
    {
        foreach (var heartbeat in (string[])["9", "1", "", "x"])
        {
            Assert.False(_pulses.IsDead(Alice, Session(heartbeat)));
            Advance(29);
            Assert.False(_pulses.IsDead(Alice, Session(heartbeat)));
        }
    }

    [Fact]
    public void A_holder_that_never_wrote_a_heartbeat_is_dead_after_its_time_to_live_too()
    {
        Assert.False(_pulses.IsDead(Alice, Session(null)));
        Advance(30);
        Assert.True(_pulses.IsDead(Alice, Session(null)));
    }

    [Fact]
    public void Time_in_which_nothing_could_be_seen_does_not_count()
    {
        _pulses.IsDead(Alice, Session("1"));
        Advance(60);
        _pulses.Clear();
        Assert.False(_pulses.IsDead(Alice, Session("1")));
        Advance(29.9);
        Assert.False(_pulses.IsDead(Alice, Session("1")));
        Advance(0.1);
        Assert.True(_pulses.IsDead(Alice, Session("1")));
    }

    [Fact]
    public void After_an_outage_even_a_short_lived_holder_has_time_to_come_back()
    {
        _pulses.Clear();
        Assert.False(_pulses.IsDead(Alice, Session("1", seconds: 1)));
        Advance(4.9);
        Assert.False(_pulses.IsDead(Alice, Session("1", seconds: 1)));
        Advance(0.1);
        Assert.True(_pulses.IsDead(Alice, Session("1", seconds: 1)));
    }

    [Fact]
    public void A_participant_without_a_Session_is_closed_after_several_reads_and_two_seconds()
    {
        Assert.False(_pulses.IsDead(Alice, null));
        Advance(2);
        Assert.False(_pulses.IsDead(Alice, null));
        Assert.True(_pulses.IsDead(Alice, null));
    }

    [Fact]
    public void A_Session_that_shows_again_counts_anew()
    {
        _pulses.IsDead(Alice, null);
        Advance(2);
        _pulses.IsDead(Alice, null);
        Assert.False(_pulses.IsDead(Alice, Session("1")));
        Assert.False(_pulses.IsDead(Alice, null));
    }

    [Fact]
    public void Who_is_named_no_more_or_can_not_be_seen_counts_anew()
    {
        _pulses.IsDead(Alice, Session("1"));
        Advance(30);
        _pulses.KeepOnly([]);
        Assert.False(_pulses.IsDead(Alice, Session("1")));
        Advance(30);
        _pulses.Forget(Alice);
        Assert.False(_pulses.IsDead(Alice, Session("1")));
    }

    [Fact]
    public void A_time_to_live_that_can_not_be_read_is_the_default()
    {
        foreach (var seconds in (JsonNode?[])[null, "x", -1, 0, 1e300, new JsonObject()])
        {
            var session = new SessionSighting("/", Live, false, new JsonObject { ["ttlSeconds"] = seconds }, null);
            Assert.Equal(TimeSpan.FromSeconds(30), session.TimeToLive);
        }
    }

    private static LiveObject Live => new() { Uid = "1", ResourceVersion = "1" };

    private static SessionSighting Session(string? heartbeat, int seconds = 30) => new(
        "/", Live, false, new JsonObject { ["ttlSeconds"] = seconds }, heartbeat is null ? null : new JsonObject { ["heartbeat"] = heartbeat });

    private void Advance(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
