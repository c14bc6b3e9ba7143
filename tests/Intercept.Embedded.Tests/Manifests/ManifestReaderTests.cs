using Intercept.Embedded.Manifests;

namespace Intercept.Embedded.Tests.Manifests;

public sealed class ManifestReaderTests
{
    [Theory]
    [InlineData("8080", "8080")]
    [InlineData("'8080'", "\"8080\"")]
    [InlineData("1.5", "1.5")]
    [InlineData("10.0.0.1", "\"10.0.0.1\"")]
    [InlineData("true", "true")]
    [InlineData("\"true\"", "\"true\"")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("null", "null")]
    [InlineData("", "null")]
    [InlineData("100m", "\"100m\"")]
    [InlineData("1e3", "1000")]
    [InlineData("Infinity", "\"Infinity\"")]
    [InlineData("2024-01-01", "\"2024-01-01\"")]
    [InlineData("[a, 1]", "[\"a\",1]")]
    public void A_scalar_keeps_the_type_that_yaml_gives_it(string yaml, string json)
    {
        var value = ManifestReader.Read($"{{ apiVersion: v1, kind: Thing, value: {yaml} }}", "test").Single()["value"];

        Assert.Equal(json, value?.ToJsonString() ?? "null");
    }

    [Fact]
    public void Documents_and_lists_are_taken_apart()
    {
        var objects = ManifestReader.Read(
            """
            # a comment alone
            ---
            { apiVersion: v1, kind: A }
            ---
            apiVersion: v1
            kind: List
            items:
            - { apiVersion: v1, kind: B }
            - { apiVersion: v1, kind: C }
            ---
            """,
            "test");

        Assert.Equal(["A", "B", "C"], objects.Select(json => (string?)json["kind"]));
    }

    [Fact]
    public void Anchors_and_block_texts_are_read()
    {
        var json = ManifestReader.Read(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: { labels: &labels { app: core } }
            selector: *labels
            data:
              text: |
                one
                two
            end: ""
            """,
            "test").Single();

        Assert.Equal("core", (string?)json["selector"]!["app"]);
        Assert.Equal("one\ntwo\n", (string?)json["data"]!["text"]);
    }

    [Theory]
    [InlineData("{ a: b", "shop.yaml is not valid YAML: line 2")]
    [InlineData("{ kind: Pod }", "shop.yaml has a document without apiVersion and kind")]
    [InlineData("just text", "shop.yaml has a document without apiVersion and kind")]
    public void What_is_no_manifest_is_refused_with_its_place(string yaml, string message)
    {
        var refusal = Assert.Throws<FormatException>(() => ManifestReader.Read(yaml, "shop.yaml"));

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }
}
