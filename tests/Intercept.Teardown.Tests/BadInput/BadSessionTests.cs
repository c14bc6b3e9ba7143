using System.Text.Json.Nodes;

namespace Intercept.Teardown.Tests.BadInput;

/// <summary>A Session that somebody else wrote, by hand or with another version, may hold anything.</summary>
public sealed class BadSessionTests
{
    private const string Good =
        """
        {"apiVersion":"system.codezero.io/v1","kind":"Session","metadata":{"name":"intercept-shop-leaf","namespace":"shop","uid":"s1","resourceVersion":"5"},
         "spec":{"nonce":"0123456789abcdef","service":{"namespace":"shop","name":"leaf","uid":"u1"},
          "original":{"selector":{"app":"leaf"},"ports":[{"port":3010,"protocol":"TCP","targetPort":"3010"}]},
          "hijack":{"selector":{"app":"x"},"ports":[{"port":3010,"protocol":"TCP","targetPort":"80"}]},
          "restore-service":{"ops":[],"service":{}},"residue":{"deployment":"interceptor-leaf","configMap":"interceptor-leaf","decoy":"interceptor-leaf-decoy"},
          "claim":{"header":"X-C6O-INTERCEPT","value":"other","testHeader":"X-C6O-INTERCEPT","testValuePrefix":"t-1-"},
          "holder":{"name":"n","user":"u","host":"elsewhere","bootId":"b","processId":1,"processStarted":"1","created":"2026-01-01T00:00:00Z"},"ttlSeconds":30}}
        """;

    /// <summary>Where in the Session, and what stands there instead; nothing for a member that is missing.</summary>
    public static TheoryData<string, string?> Damages
    {
        get
        {
            var damages = new TheoryData<string, string?> { { "spec", null }, { "spec", "null" }, { "spec", "[]" }, { "spec", "\"\"" }, { "spec", "{}" }, { "metadata", "null" }, { "metadata", "[]" } };
            foreach (var member in (string[])["nonce", "service", "original", "hijack", "restore-service", "residue", "claim", "holder", "ttlSeconds"])
            {
                foreach (var value in (string?[])[null, "null", "[]", "true"])
                {
                    damages.Add($"spec.{member}", value);
                }
            }

            foreach (var member in (string[])["service.name", "service.uid", "service.namespace", "claim.header", "claim.value", "claim.testHeader", "claim.testValuePrefix", "holder.host", "holder.name", "original.selector", "original.ports", "hijack.selector", "residue.decoy"])
            {
                damages.Add($"spec.{member}", null);
                damages.Add($"spec.{member}", "null");
                damages.Add($"spec.{member}", "{\"a\":[1]}");
            }

            damages.Add("spec.ttlSeconds", "\"soon\"");
            damages.Add("spec.ttlSeconds", "1e30");
            damages.Add("spec.holder.processId", "\"one\"");
            damages.Add("spec.holder.processId", "99999999999");
            damages.Add("spec.original.ports", "[null]");
            damages.Add("spec.original.ports", "[{}]");
            damages.Add("spec.original.selector", "{\"app\":null}");
            return damages;
        }
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_damaged_Session_stops_nobody_and_is_left_alone(string path, string? value)
    {
        var session = JsonNode.Parse(Good)!.AsObject();
        session["spec"]!["holder"]!["host"] = Environment.MachineName;
        Damage(session, path.Split('.'), value);
        using var api = Listing(session.ToJsonString());

        var exception = await api.OpenAsync();

        Assert.IsNotType<NullReferenceException>(exception.InnerException);
        Assert.NotEmpty(api.Writes);
        Assert.DoesNotContain(api.Writes, write => write.Contains("sessions/intercept-shop-leaf", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("<html>sign in</html>")]
    [InlineData("{\"items\":null}")]
    [InlineData("{\"items\":{}}")]
    [InlineData("{\"items\":[null],\"metadata\":{}}")]
    [InlineData("{\"metadata\":{},\"items\":[1]}")]
    [InlineData("{\"kind\":\"SessionList\"")]
    public async Task An_answer_that_is_no_list_of_Sessions_is_refused(string json)
    {
        using var api = new CannedApi().Answer(CannedApi.SessionsPath, json);

        var exception = await api.OpenAsync();

        Assert.IsNotType<NullReferenceException>(exception.InnerException);
        Assert.Contains("sessions", exception.Message, StringComparison.Ordinal);
        Assert.Empty(api.Writes);
    }

    [Fact]
    public async Task The_Session_that_these_are_made_of_is_good()
    {
        using var api = Listing(Good);

        await api.OpenAsync();

        Assert.NotEmpty(api.Writes);
    }

    /// <summary>The definition asks for no more of a holder than name and host; what is unknown proves no death.</summary>
    [Theory]
    [InlineData("spec.holder.bootId")]
    [InlineData("spec.holder.processStarted")]
    [InlineData("spec.holder.user")]
    [InlineData("spec.holder.created")]
    public async Task A_Session_that_does_not_say_which_process_holds_it_is_not_taken_for_dead(string path)
    {
        var session = JsonNode.Parse(Good)!.AsObject();
        session["spec"]!["holder"]!["host"] = Environment.MachineName;
        Damage(session, path.Split('.'), null);
        using var api = Listing(session.ToJsonString());

        await api.OpenAsync();

        Assert.DoesNotContain(api.Writes, write => write.Contains("intercept-shop-leaf", StringComparison.Ordinal));
    }

    private static CannedApi Listing(string session) =>
        new CannedApi().Answer(CannedApi.SessionsPath, $$"""{"kind":"SessionList","metadata":{"resourceVersion":"9"},"items":[{{session}}]}""");

    private static void Damage(JsonObject session, string[] path, string? value)
    {
        var parent = path[..^1].Aggregate(session, (node, name) => node[name]!.AsObject());
        if (value is null)
        {
            parent.Remove(path[^1]);
        }
        else
        {
            parent[path[^1]] = JsonNode.Parse(value);
        }
    }
}
