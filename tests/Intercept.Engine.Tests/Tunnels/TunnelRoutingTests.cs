using System.Net;
using Intercept.Engine.Tunnels;

namespace Intercept.Engine.Tests.Tunnels;

public sealed class TunnelRoutingTests
{
    [Fact]
    public async Task A_request_with_the_header_goes_to_the_target_and_others_to_the_original_pods()
    {
        await using var rig = await TunnelRig.StartAsync();

        var matched = await rig.SendAsync("/a%2Fb/ö?q=1%20+&x", headers: ("Host", "leaf.shop"));
        var unmatched = await rig.SendAsync("/a%2Fb?q=1", value: null);

        Assert.Equal("target", matched.By);
        Assert.Equal("target GET /a%2Fb/%C3%B6?q=1%20+&x leaf.shop 127.0.0.1", matched.Body);
        Assert.Equal("intercept; session=intercept-shop-leaf; route=r1; via=interceptor-leaf-0", matched.ServedBy);
        Assert.Equal("no-store", matched.Headers["Cache-Control"]);
        Assert.Equal("decoy", unmatched.By);
        Assert.StartsWith("decoy GET /a%2Fb?q=1 127.0.0.1:", unmatched.Body, StringComparison.Ordinal);
        Assert.Equal("cluster; via=interceptor-leaf-0", unmatched.ServedBy);
        Assert.DoesNotContain("Cache-Control", unmatched.Headers.Keys);
    }

    [Theory]
    [InlineData("X-TEST", "1", "target")]
    [InlineData("x-test", "  1\t", "target")]
    [InlineData("x-test", "1, 2", "decoy")]
    [InlineData("x-test", "11", "decoy")]
    [InlineData("x-tes", "1", "decoy")]
    public async Task Names_match_without_regard_to_case_and_values_exactly(string name, string value, string expected)
    {
        await using var rig = await TunnelRig.StartAsync();

        var answer = await rig.SendAsync(value: null, headers: (name, value));

        Assert.Equal(expected, answer.By);
    }

    [Fact]
    public async Task Any_of_repeated_headers_matches()
    {
        await using var rig = await TunnelRig.StartAsync();

        Assert.Equal("target", (await rig.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\nx-test: 0\r\nX-Test: 1\r\nConnection: close\r\n\r\n")).By);
        Assert.Equal("decoy", (await rig.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\nx-test: 0\r\nX-Test: 2\r\nConnection: close\r\n\r\n")).By);
    }

    [Fact]
    public async Task A_header_that_routes_can_not_be_switched_off_by_Connection()
    {
        await using var rig = await TunnelRig.StartAsync();

        var answer = await rig.SendRawAsync(
            "GET /headers HTTP/1.1\r\nHost: a\r\nx-test: 1\r\nx-hop: 1\r\nConnection: X-Test, x-hop\r\n\r\n"
            + "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.Equal("target", answer.By);
        Assert.Contains("x-test: 1", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("x-hop: 1", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callers_can_not_send_internal_headers_through()
    {
        await using var rig = await TunnelRig.StartAsync();
        (string, string)[] forged = [("x-intercept-route", "r9"), ("X-Intercept-Control", "1"), ("x-intercept-caller", "9.9.9.9:1"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];

        var matched = await rig.SendAsync("/headers", headers: forged);
        var unmatched = await rig.SendAsync("/headers", value: null, headers: forged);

        Assert.Equal("target", matched.By);
        Assert.Equal("decoy", unmatched.By);
        foreach (var body in new[] { matched.Body, unmatched.Body })
        {
            Assert.DoesNotContain("x-intercept", body, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", body, StringComparison.Ordinal);
            Assert.DoesNotContain("x-forwarded", body, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_value_may_hold_colons()
    {
        await using var rig = await TunnelRig.StartAsync();
        await rig.Tunnel.AddRouteAsync(HeaderRule.Parse("X-Test: test-a:b:c"), rig.Target.InvokeAsync, TestContext.Current.CancellationToken);

        Assert.Equal("target", (await rig.SendAsync(value: "test-a:b:c")).By);
        Assert.Equal("decoy", (await rig.SendAsync(value: "test-a:b")).By);
    }

    [Fact]
    public async Task All_traffic_comes_last()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var rig = await TunnelRig.StartAsync();
        var everything = new SampleApp("everything");
        await using var all = await Tunnel.ConnectAsync(
            new TunnelOptions { SessionName = "all", Claim = HeaderRule.AllTraffic }, rig.Proxy.DialControlAsync, TimeProvider.System, cancellationToken);
        await all.AddRouteAsync(HeaderRule.AllTraffic, everything.InvokeAsync, cancellationToken);

        Assert.Equal("target", (await rig.SendAsync()).By);
        Assert.Equal("everything", (await rig.SendAsync(value: null)).By);

        await all.LeaveAsync(cancellationToken);

        Assert.Equal("decoy", (await rig.SendAsync(value: null)).By);
    }

    [Fact]
    public async Task A_hundred_values_at_once_each_get_their_own_answer()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var rig = await TunnelRig.StartAsync();
        var apps = Enumerable.Range(0, 100).Select(index => new SampleApp($"target-{index}")).ToArray();
        await Task.WhenAll(apps.Select((app, index) =>
            rig.Tunnel.AddRouteAsync(HeaderRule.Create("x-test", $"test-{index}"), app.InvokeAsync, cancellationToken)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(index => rig.SendAsync(value: $"test-{index % 100}")));

        Assert.All(answers.Index(), answer => Assert.Equal($"target-{answer.Index % 100}", answer.Item.By));
        Assert.All(apps, app => Assert.Equal(3, app.Requests));
        Assert.Equal(0, rig.Proxy.Decoy.Requests);
    }

    [Fact]
    public async Task A_disposed_route_is_off_and_a_new_one_can_have_its_rule()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var rig = await TunnelRig.StartAsync();
        var rule = HeaderRule.Create("x-test", "test-1");
        for (var round = 0; round < 20; round++)
        {
            var app = new SampleApp($"round-{round}");
            await using (await rig.Tunnel.AddRouteAsync(rule, app.InvokeAsync, cancellationToken))
            {
                Assert.Equal($"round-{round}", (await rig.SendAsync(value: "test-1")).By);
            }

            Assert.Equal("decoy", (await rig.SendAsync(value: "test-1")).By);
        }
    }

    [Fact]
    public async Task No_request_fails_while_routes_come_and_go()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var rig = await TunnelRig.StartAsync();
        var app = new SampleApp("test");
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(async _ =>
        {
            var answers = new List<Answer>();
            while (!stop.IsCancellationRequested)
            {
                answers.Add(await rig.SendAsync(value: "test-1"));
            }

            return answers;
        }).ToArray();
        for (var round = 0; round < 50; round++)
        {
            await using var route = await rig.Tunnel.AddRouteAsync(HeaderRule.Create("x-test", "test-1"), app.InvokeAsync, cancellationToken);
            await rig.SendAsync(value: "test-1");
        }

        await stop.CancelAsync();
        var all = (await Task.WhenAll(load)).SelectMany(answers => answers).ToList();

        Assert.All(all, answer => Assert.True(answer is { Status: HttpStatusCode.OK, By: "test" or "decoy" }, answer.ToString()));
        Assert.Contains(all, answer => answer.By == "test");
    }
}
