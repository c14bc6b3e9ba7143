using Intercept.Engine;

namespace Intercept.Teardown.Tests.BadInput;

public sealed class BadServiceReferenceTests
{
    public static TheoryData<string> NotServices { get; } =
    [
        "", " ", "/", "//", "///", "shop", "/leaf", "shop/ ", " /leaf", " shop/leaf", "shop/leaf ", "shop /leaf", "shop/ leaf",
        "shop/leaf\n", "shop\n/leaf", "shop/leaf\r\n", "\nshop/leaf", "shop/leaf\t", "shop/leaf\0", "shop\0/leaf", "shop/le\naf",
        "../leaf", "shop/..", "../..", "./leaf", "shop/.", "shop/../kube-system/kube-dns", "shop/leaf/../../secrets/all", "shop//leaf", "shop\\leaf",
        "shop/leaf?watch=true", "shop/leaf#x", "shop/leaf%2f..", "shop%2fleaf", "shop/leaf&x=1", "shop/leaf;x", "shop/leaf:80", "shop/leaf.svc", "leaf.shop",
        "shop/LEAF", "SHOP/leaf", "shop/le_af", "shop/le*af", "*/*", "shop/*", "shop/le af", "shop/leaf-", "-shop/leaf", "shop-/leaf", "shop/-",
        "shop/läf", "shop/日本", "shop/😀", "shop/le\u200baf", "shop/ｌeaf", "shop/leaf\u0000", "shop/{name}", "shop/$(id)", "shop/`id`", "shop/'", "shop/\"", "shop/<b>",
        "http://shop/leaf", "https://leaf.shop", "service/shop/leaf", "services/leaf -n shop",
        "shop/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/leaf",
    ];

    public static TheoryData<string> NotPaths { get; } =
    [
        "shop/leaf/a b", "shop/leaf/\n", "shop/leaf/a\r\nHost: x", "shop/leaf/\0", "shop/leaf/\t", "shop/leaf/ä", "shop/leaf/😀", "shop/leaf/\u007f",
        "shop/leaf/a#fragment", "shop/leaf//evil.test/x", "shop/leaf/a\\b",
    ];

    [Theory]
    [MemberData(nameof(NotServices))]
    public void What_names_no_Service_is_refused_with_advice(string text)
    {
        var exception = Assert.Throws<FormatException>(() => ServiceReference.Parse(text));

        Assert.Contains("for example shop/leaf", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("shop/leaf")]
    [InlineData("Shop/leaf/")]
    [InlineData("shop/le af/")]
    [InlineData("shop/leaf\n/")]
    [InlineData("../leaf/")]
    [InlineData("shop/../")]
    [InlineData("/shop/leaf/")]
    [InlineData("http://leaf.shop/")]
    public void An_entry_at_what_names_no_Service_is_refused_with_advice(string text)
    {
        var exception = Assert.Throws<FormatException>(() => EntryPoint.Parse(text));

        Assert.Contains("for example shop/", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(NotPaths))]
    public void An_entry_whose_path_is_no_path_is_refused_with_advice(string text)
    {
        var exception = Assert.Throws<FormatException>(() => EntryPoint.Parse(text));

        Assert.Contains("for example shop/", exception.Message, StringComparison.Ordinal);
    }
}
