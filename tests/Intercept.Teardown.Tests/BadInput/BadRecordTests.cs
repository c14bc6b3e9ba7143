using System.Text.Json;
using Intercept.Engine;
using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using Intercept.Proxy.Protocol;

namespace Intercept.Teardown.Tests.BadInput;

/// <summary>Stored data is not trusted: a record that is not exactly ours is never guessed at, neither to enter nor to restore.</summary>
public sealed class BadRecordTests
{
    private const string Routing = """{"selector":{"app":"leaf"},"ports":[{"port":3010,"protocol":"TCP","targetPort":"http"}]}""";
    private const string Participants = """[{"id":"intercept-shop-leaf","uid":"u"}]""";

    public static TheoryData<string> Records { get; } =
    [
        " ", "\t", "\0", "\ufeff", "x", "{", "}", "[", "]", "\"", "{\"", "[]", "0", "1", "-1", "1e400", "true", "\"text\"", "NaN", "{]", "[}", "{}{}", "{},", ",{}", "'{}'",
        "// comment", "{/* comment */}", "<record/>", "version: 1", "{version:1}", "{'version':1}", "\ud800", "\"\\ud800\"", "{\"\\ud800\":1}", "\\u0000",
        "{\"version\":1}", "{\"version\":\"1\"}", "{\"version\":1.5}", "{\"version\":1e99}", "{\"version\":99999999999999999999}", "{\"version\":null}", "{\"version\":[]}", "{\"version\":{}}",
        Record(version: "0"), Record(version: "2"), Record(version: "-1"), Record(version: "\"1\""), Record(version: "null"), Record(version: "1.5"), Record(version: "2147483648"),
        Record(hijack: "null"), Record(hijack: "[]"), Record(hijack: "{}"), Record(hijack: "\"\""), Record(hijack: "1"),
        Record(original: "null"), Record(original: "[]"), Record(original: "{}"), Record(original: "\"\""),
        Record(original: """{"selector":{"app":"leaf"}}"""), Record(original: """{"ports":[]}"""),
        Record(original: """{"selector":null,"ports":[]}"""), Record(original: """{"selector":[],"ports":[]}"""), Record(original: """{"selector":"app=leaf","ports":[]}"""),
        Record(original: """{"selector":{"app":1},"ports":[]}"""), Record(original: """{"selector":{"app":{}},"ports":[]}"""), Record(original: """{"selector":{"app":["leaf"]},"ports":[]}"""),
        Record(original: """{"selector":{"app":null},"ports":[]}"""), Record(original: """{"selector":{"app":"leaf","app":"other"},"ports":[]}"""),
        Record(original: """{"selector":{"app":"leaf"},"selector":{"app":"other"},"ports":[]}"""),
        Record(original: """{"selector":{},"ports":null}"""), Record(original: """{"selector":{},"ports":{}}"""), Record(original: """{"selector":{},"ports":"80"}"""), Record(original: """{"selector":{},"ports":[1]}"""),
        Port("null"), Port("{}"), Port("[]"), Port("\"80\""), Port("""{"port":"80","protocol":"TCP","targetPort":"80"}"""), Port("""{"port":80,"protocol":null,"targetPort":"80"}"""),
        Port("""{"port":80,"protocol":"TCP","targetPort":null}"""), Port("""{"port":80,"protocol":"TCP","targetPort":80}"""), Port("""{"port":80,"protocol":"TCP"}"""), Port("""{"port":80.5,"protocol":"TCP","targetPort":"80"}"""),
        Port("""{"port":99999999999,"protocol":"TCP","targetPort":"80"}"""), Port("""{"port":80,"port":81,"protocol":"TCP","targetPort":"80"}"""), Port("""{"protocol":"TCP","targetPort":"80"}"""),
        Record(participants: "null"), Record(participants: "{}"), Record(participants: "\"\""), Record(participants: "[null]"), Record(participants: "[1]"), Record(participants: "[[]]"), Record(participants: "[{}]"),
        Record(participants: """[{"id":"a"}]"""), Record(participants: """[{"uid":"a"}]"""), Record(participants: """[{"id":null,"uid":"a"}]"""), Record(participants: """[{"id":"a","uid":1}]"""),
        Record(participants: """[{"id":"a","id":"b","uid":"a"}]"""), Record(participants: """[{"id":"a","uid":"b"},null]"""),
        Record().Replace("\"version\"", "\"version\":1,\"version\"", StringComparison.Ordinal),
        Record()[..^1], Record() + "}", Record() + Record(), "[" + Record() + "]", Record().Replace(':', '='), Record().Replace('"', '\''),
        string.Concat(Enumerable.Repeat("[", 500)), string.Concat(Enumerable.Repeat("{\"a\":", 500)), string.Concat(Enumerable.Repeat("{\"version\":", 100_000)),
        Record(hijack: string.Concat(Enumerable.Repeat("[", 50)) + string.Concat(Enumerable.Repeat("]", 50))),
        new string(' ', 16 * 1024) + Record(), Record() + new string(' ', 200_000), Record(participants: $"[{{\"id\":\"{new string('a', 16 * 1024)}\",\"uid\":\"u\"}}]"), new string('x', 250_000),
    ];

    [Theory]
    [MemberData(nameof(Records))]
    public async Task A_Service_with_a_record_that_is_not_ours_is_not_entered(string record)
    {
        using var api = new CannedApi().Answer(CannedApi.ServicePath, ServiceWith(ProtocolNames.Record, record));

        var exception = await api.OpenAsync();

        Assert.Contains("Service shop/leaf carries the annotation", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", exception.Message, StringComparison.Ordinal);
        Assert.Contains("kubectl get sessions -n shop", exception.Message, StringComparison.Ordinal);
        Assert.Empty(api.Writes);
    }

    [Theory]
    [MemberData(nameof(Records))]
    public async Task A_Service_with_a_record_that_is_not_ours_is_not_restored(string record)
    {
        using var api = new CannedApi().Answer(CannedApi.ServicePath, ServiceWith(ProtocolNames.Record, record));
        using var client = api.CreateClient();
        var scope = new ServiceScope(new ClusterApi(client, TimeProvider.System), CannedApi.Plan.Service, TimeProvider.System);

        var exception = await Assert.ThrowsAsync<InterceptException>(() => scope.Hijacker.LeaveAsync(
            new SessionTarget("shop", "leaf", "u1"), new Participant("intercept-shop-leaf", "u"), byOther: true, TestContext.Current.CancellationToken));

        Assert.Contains("Nothing was changed", exception.Message, StringComparison.Ordinal);
        Assert.Empty(api.Writes);
    }

    [Fact]
    public void The_record_that_these_are_made_of_is_good() => Assert.Single(ServiceRecord.Parse(Record()).Participants);

    internal static string ServiceWith(string annotation, string text) => CannedApi.GoodService.Replace(
        "\"uid\":\"u1\"", $"\"uid\":\"u1\",\"annotations\":{{\"{annotation}\":{JsonSerializer.Serialize(text)}}}", StringComparison.Ordinal);

    private static string Record(string version = "1", string hijack = Routing, string original = Routing, string participants = Participants) =>
        $$"""{"version":{{version}},"hijack":{{hijack}},"original":{{original}},"participants":{{participants}}}""";

    private static string Port(string port) => Record(original: $$"""{"selector":{"app":"leaf"},"ports":[{{port}}]}""");
}
