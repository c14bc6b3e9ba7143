using FsCheck;
using FsCheck.Fluent;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Selectors;

namespace Intercept.Embedded.Tests.ApiServer;

public sealed class SelectorTests
{
    private static readonly string[] Keys = ["a", "b", "example.com/c"];

    private static readonly string[] Values = ["", "x", "y", "10"];

    [Theory]
    [InlineData("app=web", true)]
    [InlineData("app==web,tier", true)]
    [InlineData("app!=web", false)]
    [InlineData("nope!=web", true)]
    [InlineData("app in (db, web)", true)]
    [InlineData("app notin (db,web)", false)]
    [InlineData("!app", false)]
    [InlineData("!nope", true)]
    [InlineData("v>3,v<10", true)]
    [InlineData("v>5", false)]
    [InlineData("tier=", true)]
    public void A_selector_selects(string selector, bool expected)
    {
        var labels = new Dictionary<string, string> { ["app"] = "web", ["tier"] = "", ["v"] = "5" };
        Assert.Equal(expected, LabelSelector.Parse(selector).Matches(labels));
    }

    [Theory]
    [InlineData("v gt 1", "unable to parse requirement: found 'gt', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData(",", "found ',', expected: !, identifier, or 'end of string'")]
    [InlineData("app in (web", "unable to parse requirement: found '', expected: ',' or ')'")]
    [InlineData("app in web", "unable to parse requirement: found 'web' expected: '('")]
    [InlineData("app=we b", "found 'b', expected: ',' or 'end of string'")]
    [InlineData("v>x", "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer")]
    public void A_mistake_is_told_as_Kubernetes_tells_it(string selector, string expected)
    {
        var failure = Assert.Throws<ApiStatusException>(() => LabelSelector.Parse(selector));
        Assert.Equal((400, expected), (failure.Code, failure.Message));
    }

    [Fact]
    public void A_set_selects_what_its_values_select_one_by_one()
    {
        var value = Gen.Elements(Values);
        var labels = value.ListOf(Keys.Length).Select(list => Keys.Zip(list).ToDictionary(pair => pair.First, pair => pair.Second));
        var cases = from key in Gen.Elements(Keys) from one in value from two in value from map in labels select (key, one, two, map);
        Check.QuickThrowOnFailure(Prop.ForAll(cases.ToArbitrary(), input =>
        {
            var (key, one, two, map) = input;
            var either = LabelSelector.Parse($"{key}={one}").Matches(map) || LabelSelector.Parse($"{key}={two}").Matches(map);
            return LabelSelector.Parse($"{key} in ({one},{two})").Matches(map) == either
                && LabelSelector.Parse($"{key} notin ({one},{two})").Matches(map) != either;
        }));
    }

    [Fact]
    public async Task Lists_are_selected_by_fields_and_paged()
    {
        await using var api = await TestApi.StartAsync();
        const string path = "/api/v1/namespaces/case-ns/configmaps";
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            await api.CreateConfigMapAsync(name);
        }

        Assert.Equal(["b"], await NamesAsync("?fieldSelector=metadata.name%3Db"));
        var (unknown, failure) = await api.SendAsync(HttpMethod.Get, $"{path}?fieldSelector=data.a%3D1");
        Assert.Equal((400, "\"data.a\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""), (unknown, (string?)failure["message"]));

        var (_, page) = await api.SendAsync(HttpMethod.Get, $"{path}?limit=2");
        Assert.Equal(2, page["items"]!.AsArray().Count);
        Assert.Equal(3, (int)page["metadata"]!["remainingItemCount"]!);
        // A page shows the list as it was when it began.
        await api.SendAsync(HttpMethod.Delete, $"{path}/c");
        await api.CreateConfigMapAsync("e");
        var rest = await NamesAsync($"?limit=10&continue={Uri.EscapeDataString((string)page["metadata"]!["continue"]!)}");
        Assert.Equal(["c", "d", "kube-root-ca.crt"], rest);

        async Task<IEnumerable<string?>> NamesAsync(string query) =>
            (await api.SendAsync(HttpMethod.Get, path + query)).Body["items"]!.AsArray().Select(item => (string?)item!["metadata"]!["name"]).ToList();
    }
}
