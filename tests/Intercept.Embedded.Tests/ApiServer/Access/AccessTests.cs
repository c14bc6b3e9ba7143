using System.Net;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Access;
using k8s;
using k8s.Models;

namespace Intercept.Embedded.Tests.ApiServer.Access;

public sealed class AccessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer nonsense")]
    [InlineData("Basic eDp5")]
    public async Task Without_the_token_nothing_is_answered(string? authorization)
    {
        await using var api = await TestApi.StartAsync();
        using var stranger = new HttpClient { BaseAddress = api.Host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/namespaces");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await stranger.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var status = JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!;
        Assert.Equal(("Status", "Unauthorized"), ((string?)status["kind"], (string?)status["reason"]));
    }

    [Theory]
    [InlineData("Origin", "https://example.com")]
    [InlineData("Host", "rebound.example.com")]
    public async Task Web_pages_are_refused_even_with_the_token(string header, string value)
    {
        await using var api = await TestApi.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/version");
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await api.Http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Reviews_and_requests_go_by_the_same_denials()
    {
        await using var api = await TestApi.StartAsync();
        Assert.True(await AllowedAsync("create"));
        api.Host.Denied.Rules = [new AccessRule("create", "pods/portforward", "")];
        Assert.False(await AllowedAsync("create"));
        Assert.True(await AllowedAsync("get"));

        api.Host.Denied.Rules = [new AccessRule("patch", "services")];
        var refused = await TestApi.FailureAsync(
            () => api.Client.PatchNamespacedServiceAsync(new V1Patch("{}", V1Patch.PatchType.MergePatch), "web", TestApi.Space, cancellationToken: Token),
            HttpStatusCode.Forbidden);
        Assert.Equal("services \"web\" is forbidden: User \"embedded\" cannot patch resource \"services\" in API group \"\" in the namespace \"case-ns\"", refused.Message);

        async Task<bool> AllowedAsync(string verb)
        {
            var review = await api.Client.CreateSelfSubjectAccessReviewAsync(
                new V1SelfSubjectAccessReview
                {
                    Spec = new() { ResourceAttributes = new() { NamespaceProperty = TestApi.Space, Verb = verb, Resource = "pods", Subresource = "portforward" } },
                },
                cancellationToken: Token);
            return review.Status.Allowed;
        }
    }

    [Fact]
    public async Task Version_health_and_discovery_are_answered()
    {
        await using var api = await TestApi.StartAsync();
        Assert.Equal("1", (await api.Client.Version.GetCodeAsync(Token)).Major);
        Assert.Equal("ok", (string?)(await api.SendAsync(HttpMethod.Get, "/readyz")).Body["text"]);
        var resources = await api.Client.CoreV1.GetAPIResourcesAsync(Token);
        Assert.Contains("pods/portforward", resources.Resources.Select(resource => resource.Name));
        var groups = await api.Client.Apis.GetAPIVersionsAsync(Token);
        Assert.Contains("authorization.k8s.io", groups.Groups.Select(group => group.Name));
    }
}
