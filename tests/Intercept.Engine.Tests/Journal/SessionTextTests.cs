using System.Text.Json.Nodes;
using Intercept.Engine.Journal;
using k8s.Models;

namespace Intercept.Engine.Tests.Journal;

public sealed class SessionTextTests
{
    private static readonly V1ObjectMeta Metadata = new() { Name = "intercept-shop-leaf", NamespaceProperty = "shop", Uid = "1" };

    [Fact]
    public void What_is_written_is_read()
    {
        var content = Read(SessionText.Write(SampleSession.Spec));

        var session = Assert.Single(content.Sessions);
        Assert.Empty(content.Unreadable);
        Assert.Equal(SessionText.Write(SampleSession.Spec), SessionText.Write(session.Spec));
        Assert.Equal("Active", session.Status?.Phase);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"nonce\":\"1\",\"nonce\":\"2\"}")]
    public void What_is_no_Session_is_named_and_skipped(string? text) => AssertUnreadable(text);

    [Theory]
    [InlineData("residue", "deployment", "../secrets/x")]
    [InlineData("residue", "decoy", "a b; rm -rf /")]
    [InlineData("residue", "configMap", "")]
    [InlineData("service", "name", "Leaf")]
    [InlineData("service", "namespace", "another")]
    [InlineData("service", "uid", null)]
    [InlineData("holder", "host", null)]
    [InlineData("original", "ports", null)]
    public void An_edited_part_makes_it_unreadable(string part, string field, string? value)
    {
        var spec = JsonNode.Parse(SessionText.Write(SampleSession.Spec))!;
        spec[part]![field] = value;

        AssertUnreadable(spec.ToJsonString());
    }

    [Fact]
    public void A_missing_part_of_a_part_makes_it_unreadable()
    {
        var spec = JsonNode.Parse(SessionText.Write(SampleSession.Spec))!;
        spec["hijack"]!["ports"]![0]!.AsObject().Remove("targetPort");

        AssertUnreadable(spec.ToJsonString());
    }

    [Fact]
    public void An_endless_one_is_not_parsed() => AssertUnreadable(new string('[', 600_000));

    [Fact]
    public void A_status_that_can_not_be_read_counts_as_none()
    {
        var content = SessionText.ReadAll(JournalForm.ConfigMap, [(Metadata, SessionText.Write(SampleSession.Spec), "{")]);

        Assert.Null(Assert.Single(content.Sessions).Status);
    }

    private static void AssertUnreadable(string? spec)
    {
        var content = Read(spec);

        Assert.Empty(content.Sessions);
        Assert.Equal("intercept-shop-leaf", Assert.Single(content.Unreadable).Metadata.Name);
        Assert.NotEmpty(content.Unreadable[0].Reason);
    }

    private static JournalContent Read(string? spec) =>
        SessionText.ReadAll(JournalForm.ConfigMap, [(Metadata, spec, """{"phase":"Active"}""")]);
}
