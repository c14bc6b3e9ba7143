using Intercept.Proxy.Protocol;

namespace Intercept.Teardown.Tests.BadInput;

/// <summary>Claims and fences that can't be read are nobody's: never an exception, never a guess.</summary>
public sealed class BadParticipantListTests
{
    public static TheoryData<string> Lists { get; } =
    [
        "", " ", "\0", "x", "{", "[", "]", "{}", "null", "0", "\"\"", "true", "[1]", "[true]", "[\"a\"]", "[[]]", "[{}]", "[null]", "[{]", "[{}", "[,]",
        "[{\"id\":\"a\"}]", "[{\"uid\":\"a\"}]", "[{\"id\":1,\"uid\":\"a\"}]", "[{\"id\":null,\"uid\":\"a\"}]", "[{\"id\":\"a\",\"uid\":null}]", "[{\"id\":\"a\",\"uid\":[]}]",
        "[{\"id\":\"a\",\"id\":\"b\",\"uid\":\"a\"}]", "[{\"id\":\"a\",\"uid\":\"b\"},]", "[{\"id\":\"a\",\"uid\":\"b\"}] x", "{\"id\":\"a\",\"uid\":\"b\"}", "[{\"id\":\"a\",\"uid\":\"b\"}, 1]",
        "[{\"id\":{\"id\":{\"id\":{\"id\":1}}},\"uid\":\"b\"}]", "[{\"id\":\"\\ud800\",\"uid\":\"b\"}]", "\ufeff[]",
        string.Concat(Enumerable.Repeat("[", 10_000)), new string('x', 250_000), "[" + new string(' ', 17_000) + "]",
    ];

    [Theory]
    [MemberData(nameof(Lists))]
    public void Claims_that_cannot_be_read_name_nobody(string text) => Assert.Empty(With(ProtocolNames.Claims, text).Claims);

    [Theory]
    [MemberData(nameof(Lists))]
    public void Fences_that_cannot_be_read_keep_nobody_out(string text) => Assert.Empty(With(ProtocolNames.Fences, text).Fences);

    private static LiveService With(string annotation, string text) => new()
    {
        Uid = "u1",
        ResourceVersion = "1",
        Annotations = new Dictionary<string, string> { [annotation] = text },
        Routing = new ServiceRouting(new Dictionary<string, string>(), []),
    };
}
