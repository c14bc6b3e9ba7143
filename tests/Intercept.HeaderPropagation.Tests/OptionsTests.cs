using Microsoft.Extensions.Options;

namespace Intercept.HeaderPropagation.Tests;

public sealed class OptionsTests
{
    [Fact]
    public async Task Prefixes_and_names_of_ones_own_replace_the_default()
    {
        await using var app = await TestApp.StartAsync(TestCalls.Through(""), options =>
        {
            options.Prefixes.Clear();
            options.Prefixes.Add("X-Team-");
            options.Names.Add("Authorization");
        });

        await app.CallAsync(("x-team-route", "blue"), ("authorization", "Bearer t"), ("x-c6o-intercept", "yes"));

        Assert.Equal(["authorization", "x-team-route"], app.Network.Sent.Keys.Select(name => name.ToLowerInvariant()).Order());
    }

    [Fact]
    public async Task A_short_prefix_never_takes_headers_of_the_connection_or_the_body_along()
    {
        await using var app = await TestApp.StartAsync(TestCalls.Through(""), options =>
        {
            options.Prefixes.Add("c");
            options.Prefixes.Add("h");
            options.Prefixes.Add("t");
        });

        await app.CallAsync(("Connection", "keep-alive"), ("Content-Language", "de"), ("TE", "trailers"), ("Custom", "yes"));

        Assert.Equal(["Custom"], app.Network.Sent.Keys);
    }

    [Fact]
    public async Task A_value_that_HttpClient_would_refuse_is_left_out_and_breaks_nothing()
    {
        await using var app = await TestApp.StartAsync(TestCalls.Through(""));

        await app.CallAsync(("x-c6o-name", "Jürgen"), ("x-c6o-intercept", "yes"));

        Assert.Equal(["x-c6o-intercept"], app.Network.Sent.Keys);
    }

    [Theory]
    [InlineData("", null, "beginning of an HTTP header name")]
    [InlineData("x c6o", null, "beginning of an HTTP header name")]
    [InlineData(null, "x:y", "not an HTTP header name")]
    [InlineData(null, "Host", "belongs to one connection")]
    [InlineData(null, "content-length", "belongs to one connection")]
    public async Task What_can_not_be_copied_is_refused_when_the_application_starts(string? prefix, string? name, string reason)
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => TestApp.StartAsync(_ => Task.CompletedTask, options =>
        {
            if (prefix is not null)
            {
                options.Prefixes.Add(prefix);
            }

            if (name is not null)
            {
                options.Names.Add(name);
            }
        }));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_prefix_and_no_name_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestApp.StartAsync(_ => Task.CompletedTask, options => options.Prefixes.Clear()));

        Assert.Contains("nothing would be copied", refusal.Message, StringComparison.Ordinal);
    }
}
