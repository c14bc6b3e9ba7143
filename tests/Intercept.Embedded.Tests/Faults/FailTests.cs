using System.Net;
using System.Text.Json.Nodes;
using Intercept.Embedded.Faults;
using Intercept.Embedded.Tests.ApiServer;

namespace Intercept.Embedded.Tests.Faults;

public sealed class FailTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(401, "Unauthorized", "Unauthorized")]
    [InlineData(403, "Forbidden", "configmaps \"a\" is forbidden: User \"embedded\" cannot patch resource \"configmaps\" in API group \"\" in the namespace \"case-ns\"")]
    [InlineData(404, "NotFound", "configmaps \"a\" not found")]
    [InlineData(409, "Conflict", "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again")]
    [InlineData(410, "Expired", "The resourceVersion for the provided list is too old.")]
    [InlineData(422, "Invalid", "the server rejected our request due to an error in our request")]
    [InlineData(429, "TooManyRequests", "the server has received too many requests and has asked us to try again later")]
    [InlineData(500, "InternalError", "Internal error occurred: etcdserver: leader changed")]
    [InlineData(503, "ServiceUnavailable", "the server is currently unable to handle the request")]
    [InlineData(504, "Timeout", "Timeout: request did not complete within the allotted timeout")]
    public async Task A_call_fails_before_or_after_it_is_applied(int status, string reason, string message)
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("a");
        foreach (var phase in new[] { ApiCallPhase.Before, ApiCallPhase.After })
        {
            using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.Fail((HttpStatusCode)status, phase)) { Calls = FaultApi.Calls("patch") });

            var (answered, body) = await api.WriteAsync("a", $"{phase}");

            Assert.Equal((status, reason, message, status), (answered, (string?)body["reason"], (string?)body["message"], (int)body["code"]!));
            Assert.Equal(phase == ApiCallPhase.After, await api.ValueAsync("a") == $"{phase}");
            Assert.Single(fault.Hits);
        }
    }

    [Fact]
    public async Task A_failure_says_when_to_come_again()
    {
        await using var api = await TestApi.StartAsync();
        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.Fail(HttpStatusCode.TooManyRequests, retryAfter: TimeSpan.FromSeconds(1.5), message: "enough")));

        using var response = await api.Http.GetAsync("/api/v1/namespaces", Token);

        var status = JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!;
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter!.Delta);
        Assert.Equal(("enough", 2), ((string?)status["message"], (int)status["details"]!["retryAfterSeconds"]!));
    }

    [Fact]
    public async Task A_path_that_is_none_of_a_resource_fails_too()
    {
        await using var api = await TestApi.StartAsync();
        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.Fail(HttpStatusCode.Forbidden)) { Calls = new() { Where = call => call.Path == "/version" } });

        Assert.Equal("/version is forbidden: User \"embedded\" cannot get path \"/version\"", (string?)(await api.SendAsync(HttpMethod.Get, "/version")).Body["message"]);
        Assert.Equal(200, (await api.SendAsync(HttpMethod.Get, "/apis")).Status);
    }

    [Fact]
    public void Success_is_no_failure() => Assert.Throws<ArgumentOutOfRangeException>(() => ApiFault.Fail(HttpStatusCode.OK));
}
