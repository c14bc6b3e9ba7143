namespace Intercept.Teardown.Tests.BadInput;

public sealed class BadHeaderRuleTests
{
    public static TheoryData<string> NotRules { get; } =
    [
        "", " ", "\t", "\r\n", "\0", "::", ":", " : ", "X-Test", "X-Test=yes", "X-Test;yes", "X-Test yes",
        "X-Test:", "X-Test: ", "X-Test:\t", "X-Test:\0", "X-Test:a\0b", "X-Test:a\nb", "X-Test:a\rb", "X-Test:a\r\nX-Other:b", "X-Test:a\tb",
        "X-Test:\u007f", "X-Test:\u0080", "X-Test:a\u00a0x", "X-Test:a\u2028x", "X-Test:\u200bx", "X-Test:\ufeffx", "X-Test:é", "X-Test:日本", "X-Test:😀", "X-Test:\ud800",
        "X Test:yes", "X\tTest:yes", "X\nTest:yes", "X\r\nTest:yes", "X\0Test:yes", "X/Test:yes", "X\\Test:yes", "X@Test:yes", "X[Test]:yes", "X{Test}:yes", "X(Test):yes",
        "X<Test>:yes", "X\"Test\":yes", "X,Test:yes", "X;Test:yes", "X=Test:yes", "X?Test:yes", "Ümlaut:yes", "日本:yes", "X-Test\u200b:yes", "\u0001:yes", "../..:yes",
        "{\"a\":1}", "<x>:y",
    ];

    [Theory]
    [MemberData(nameof(NotRules))]
    public void What_is_no_header_rule_is_refused_with_advice(string text)
    {
        var exception = Assert.Throws<FormatException>(() => HeaderRule.Parse(text));

        Assert.Contains(
            ["for example X-C6O-INTERCEPT", "must be 1 to 1024 visible ASCII characters"],
            advice => exception.Message.Contains(advice, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1025)]
    [InlineData(65_536)]
    [InlineData(5_000_000)]
    public void A_value_that_no_server_would_take_is_refused(int length) =>
        Assert.Throws<FormatException>(() => HeaderRule.Create("X-Test", new string('a', length)));

    [Theory]
    [InlineData("X-Test", " a")]
    [InlineData("X-Test", "a ")]
    [InlineData(" X-Test", "a")]
    [InlineData("X-Test ", "a")]
    [InlineData("X-Test:", "a")]
    [InlineData("", "a")]
    public void Parts_are_not_trimmed_where_they_are_given_apart(string name, string value) =>
        Assert.Throws<FormatException>(() => HeaderRule.Create(name, value));
}
