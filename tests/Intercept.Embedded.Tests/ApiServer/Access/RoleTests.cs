using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Access;

namespace Intercept.Embedded.Tests.ApiServer.Access;

/// <summary>What rules cover, and which roles and bindings are valid at all.</summary>
public sealed class RoleTests
{
    private const string Roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/case-ns/roles";
    private const string Bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/case-ns/rolebindings";

    [Theory]
    [InlineData("get", "", "pods", null, "p", true)]
    [InlineData("delete", "", "pods", null, "p", false)]
    [InlineData("get", "apps", "pods", null, "p", false)]
    [InlineData("get", "", "pods", "log", "p", false)]
    [InlineData("get", "apps", "deployments", "status", "d", true)]
    [InlineData("patch", "apps", "deployments", "status", "d", true)]
    [InlineData("patch", "apps", "deployments", null, "d", false)]
    [InlineData("create", "", "pods", "portforward", "named", true)]
    [InlineData("create", "", "pods", "portforward", "other", false)]
    [InlineData("create", "", "secrets", null, null, false)]
    [InlineData("get", "", "secrets", null, "s", true)]
    [InlineData("get", "example.com", "things", "anything", "t", true)]
    public void A_rule_covers_a_request(string verb, string group, string resource, string? subresource, string? name, bool covered)
    {
        JsonObject[] rules =
        [
            Rule("""{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}"""),
            Rule("""{"apiGroups":["apps"],"resources":["*/status"],"verbs":["*"]}"""),
            Rule("""{"apiGroups":[""],"resources":["pods/portforward"],"resourceNames":["named"],"verbs":["create"]}"""),
            Rule("""{"apiGroups":["*"],"resources":["secrets"],"resourceNames":["s"],"verbs":["get","create"]}"""),
            Rule("""{"apiGroups":["example.com"],"resources":["*"],"verbs":["get"]}"""),
        ];

        Assert.Equal(covered, rules.Any(rule => PolicyRules.Grants(rule, new AccessAttributes(verb, group, resource, subresource, "shop", name))));
    }

    [Theory]
    [InlineData(Roles, """{"metadata":{"name":"bad"},"rules":[{"apiGroups":[""],"resources":["pods"]}]}""", "rules[0].verbs: Required value: verbs must contain at least one value")]
    [InlineData(Roles, """{"metadata":{"name":"bad"},"rules":[{"nonResourceURLs":["/x"],"verbs":["get"]}]}""", "rules[0].nonResourceURLs: Invalid value: [\"/x\"]: namespaced rules cannot apply to non-resource URLs")]
    [InlineData(Bindings, """{"metadata":{"name":"bad"},"roleRef":{"kind":"Role","name":"ok"},"subjects":[{"kind":"Robot","name":"x"}]}""", "subjects[0].kind: Unsupported value: \"Robot\": supported values: \"ServiceAccount\", \"User\", \"Group\"")]
    public async Task An_invalid_role_or_binding_is_refused(string path, string body, string why)
    {
        await using var api = await TestApi.StartAsync();

        var (status, answer) = await api.SendAsync(HttpMethod.Post, path, JsonNode.Parse(body));

        Assert.Equal(422, status);
        Assert.EndsWith($"\"bad\" is invalid: {why}", (string)answer["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subject_without_a_namespace_is_of_the_bindings_own()
    {
        await using var api = await TestApi.StartAsync();
        await api.SendAsync(HttpMethod.Post, Roles, JsonNode.Parse("""{"metadata":{"name":"r"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["list"]}]}"""));
        await api.SendAsync(HttpMethod.Post, Bindings, JsonNode.Parse("""{"metadata":{"name":"b"},"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"ServiceAccount","name":"x"}]}"""));
        var wanted = new AccessAttributes("list", "", "pods", null, TestApi.Space, null);

        Assert.True(api.Host.Access.Decide(Caller.ServiceAccount(TestApi.Space, "x"), wanted).Allowed);
        Assert.False(api.Host.Access.Decide(Caller.ServiceAccount("default", "x"), wanted).Allowed);
        Assert.False(api.Host.Access.Decide(Caller.ServiceAccount(TestApi.Space, "y"), wanted).Allowed);
        Assert.False(api.Host.Access.Decide(Caller.ServiceAccount(TestApi.Space, "x"), wanted with { Namespace = null }).Allowed);
    }

    [Fact]
    public async Task A_cluster_role_binding_holds_everywhere_and_a_missing_role_is_told()
    {
        await using var api = await TestApi.StartAsync();
        const string cluster = "/apis/rbac.authorization.k8s.io/v1";
        await api.SendAsync(HttpMethod.Post, $"{cluster}/clusterrolebindings", JsonNode.Parse("""{"metadata":{"name":"b"},"roleRef":{"kind":"ClusterRole","name":"r"},"subjects":[{"kind":"Group","name":"system:serviceaccounts:case-ns"}]}"""));
        var caller = Caller.ServiceAccount(TestApi.Space, "x");
        var wanted = new AccessAttributes("list", "", "pods", null, null, null);
        Assert.Equal(new AccessDecision(false, "RBAC: clusterrole.rbac.authorization.k8s.io \"r\" not found"), api.Host.Access.Decide(caller, wanted));

        await api.SendAsync(HttpMethod.Post, $"{cluster}/clusterroles", JsonNode.Parse("""{"metadata":{"name":"r"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["list"]},{"nonResourceURLs":["/metrics/*"],"verbs":["get"]}]}"""));

        Assert.Equal(
            new AccessDecision(true, "RBAC: allowed by ClusterRoleBinding \"b\" of ClusterRole \"r\" to Group \"system:serviceaccounts:case-ns\""),
            api.Host.Access.Decide(caller, wanted));
        Assert.True(api.Host.Access.DecidePath(caller, "get", "/metrics/pods").Allowed);
        Assert.False(api.Host.Access.DecidePath(caller, "get", "/logs").Allowed);
    }

    private static JsonObject Rule(string json) => JsonNode.Parse(json)!.AsObject();
}
