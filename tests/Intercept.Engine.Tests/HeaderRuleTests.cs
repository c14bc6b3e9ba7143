namespace Intercept.Engine.Tests;

public sealed class HeaderRuleTests
{
    [Theory]
    [InlineData("X-C6O-INTERCEPT:yes", "X-C6O-INTERCEPT", "yes")]
    [InlineData("x-test: a:b:c ", "x-test", "a:b:c")]
    [InlineData("x-case:KeepsCase", "x-case", "KeepsCase")]
    public void Reads_key_and_value_as_given(string text, string name, string value)
    {
        var rule = HeaderRule.Parse(text);

        Assert.Equal(name, rule.Name);
        Assert.Equal(value, rule.Value);
        Assert.False(rule.IsAllTraffic);
    }

    [Theory]
    [InlineData("no-colon", "no colon")]
    [InlineData(":value", "not an HTTP header name")]
    [InlineData("bad name:value", "not an HTTP header name")]
    [InlineData("bad(name):value", "not an HTTP header name")]
    [InlineData("x-empty:", "can't be sent")]
    [InlineData("x-line:a\r\nb", "can't be sent")]
    [InlineData("x-umlaut:ä", "can't be sent")]
    public void Refuses_what_is_no_header_and_says_why(string text, string reason)
    {
        var exception = Assert.Throws<FormatException>(() => HeaderRule.Parse(text));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_compare_without_case_and_values_exactly()
    {
        Assert.Equal(HeaderRule.Create("X-Test", "a"), HeaderRule.Create("x-test", "a"));
        Assert.Equal(HeaderRule.Create("X-Test", "a").GetHashCode(), HeaderRule.Create("x-test", "a").GetHashCode());
        Assert.NotEqual(HeaderRule.Create("X-Test", "a"), HeaderRule.Create("X-Test", "A"));
    }

    [Theory]
    [InlineData("leaf")]
    [InlineData("shop/leaf/more")]
    [InlineData("shop/")]
    [InlineData("Shop/Leaf")]
    [InlineData("shop/-leaf")]
    public void A_service_is_namespace_slash_name(string text)
    {
        var exception = Assert.Throws<FormatException>(() => ServiceReference.Parse(text));

        Assert.Contains("namespace/name", exception.Message, StringComparison.Ordinal);
    }
}
