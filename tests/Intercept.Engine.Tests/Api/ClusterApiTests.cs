using System.Net;
using Intercept.Engine.Api;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Tests.Api;

public sealed class ClusterApiTests
{
    private const string Leaf = """{"apiVersion":"v1","kind":"Service","metadata":{"name":"leaf","namespace":"shop","uid":"u1","resourceVersion":"7"}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_object_that_is_not_there_is_null()
    {
        using var server = new ScriptedServer().Answer(HttpStatusCode.NotFound, Status("NotFound", "services \"leaf\" not found"));

        Assert.Null(await Api(server).FindAsync<V1Service>("shop", "leaf", Token));
        Assert.Equal("http://api.test/api/v1/namespaces/shop/services/leaf", server.Requests.Single().Address.ToString());
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task A_passing_failure_is_tried_again(HttpStatusCode status)
    {
        using var server = new ScriptedServer().Answer(status, Status("x", "try later")).Answer(HttpStatusCode.OK, Leaf);

        var found = await Api(server).FindAsync<V1Service>("shop", "leaf", Token);

        Assert.Equal("u1", found?.Metadata.Uid);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.Unauthorized)]
    public async Task A_refusal_of_what_was_granted_before_is_tried_again(HttpStatusCode status)
    {
        using var server = new ScriptedServer()
            .Answer(HttpStatusCode.OK, Leaf)
            .Answer(status, Status("x", "not now"))
            .Answer(HttpStatusCode.OK, Leaf);
        var api = Api(server);

        await api.FindAsync<V1Service>("shop", "leaf", Token);
        Assert.NotNull(await api.FindAsync<V1Service>("shop", "other", Token));
    }

    [Fact]
    public async Task A_refusal_of_what_was_never_granted_stands()
    {
        using var server = new ScriptedServer().Answer(HttpStatusCode.OK, Leaf).Answer(HttpStatusCode.Forbidden, Status("Forbidden", "no"));
        var api = Api(server);

        await api.FindAsync<V1Service>("shop", "leaf", Token);
        var exception = await Assert.ThrowsAsync<ApiException>(() => api.FindAsync<V1ConfigMap>("shop", "leaf", Token));

        Assert.True(exception.IsForbidden);
    }

    [Fact]
    public async Task The_server_says_how_long_to_wait()
    {
        const string status = """{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"TooManyRequests","message":"x","details":{"retryAfterSeconds":2}}""";
        using var server = new ScriptedServer().Answer(HttpStatusCode.TooManyRequests, status).Answer(HttpStatusCode.OK, Leaf);
        var begun = TimeProvider.System.GetTimestamp();

        await Api(server).FindAsync<V1Service>("shop", "leaf", Token);

        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.FromSeconds(1.9), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task A_broken_connection_is_tried_again()
    {
        using var server = new ScriptedServer()
            .Answer(_ => throw new HttpRequestException("connection reset"))
            .Answer(HttpStatusCode.OK, Leaf);

        Assert.NotNull(await Api(server).FindAsync<V1Service>("shop", "leaf", Token));
    }

    [Fact]
    public async Task Conflict_and_already_exists_are_told_apart_and_not_tried_again()
    {
        using var server = new ScriptedServer()
            .Answer(HttpStatusCode.Conflict, Status("Conflict", "the object has been modified"))
            .Answer(HttpStatusCode.Conflict, Status("AlreadyExists", "services \"leaf\" already exists"));
        var api = Api(server);

        var conflict = await Assert.ThrowsAsync<ApiException>(() => api.PatchAsync<V1Service>("shop", "leaf", new JsonPatch(), Token));
        var exists = await Assert.ThrowsAsync<ApiException>(() => api.CreateAsync(Service(), Token));

        Assert.True(conflict is { IsConflict: true, IsAlreadyExists: false });
        Assert.True(exists is { IsConflict: false, IsAlreadyExists: true });
        Assert.Contains("the object has been modified", conflict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_is_told_and_not_asked_for_again()
    {
        using var server = new ScriptedServer().Answer(HttpStatusCode.OK, """{"metadata":{"name":"x"},"spec":{"nonce":7}}""");

        var exception = await Assert.ThrowsAsync<ApiException>(
            () => Api(server).FindAsync<Intercept.Engine.Journal.SessionResource>("shop", "x", Token));

        Assert.Contains("can't be read", exception.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_write_in_flight_is_awaited_although_the_caller_cancels()
    {
        using var cancellation = new CancellationTokenSource();
        using var server = new ScriptedServer().Answer(async token =>
        {
            await cancellation.CancelAsync();
            token.ThrowIfCancellationRequested();
            return new HttpResponseMessage(HttpStatusCode.Created) { Content = new StringContent(Leaf) };
        });

        var created = await Api(server).CreateAsync(Service(), cancellation.Token);

        Assert.Equal("u1", created.Metadata.Uid);
    }

    [Fact]
    public async Task A_write_is_not_begun_once_the_caller_has_cancelled()
    {
        using var server = new ScriptedServer();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Api(server).CreateAsync(Service(), new CancellationToken(canceled: true)));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_deletion_names_uid_and_version()
    {
        using var server = new ScriptedServer().Answer(HttpStatusCode.OK, Leaf);

        Assert.True(await Api(server).DeleteAsync(Service(), Token));

        var body = server.Requests.Single().Body;
        Assert.Contains("\"uid\":\"u1\"", body, StringComparison.Ordinal);
        Assert.Contains("\"resourceVersion\":\"7\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_lists_then_watches_and_lists_again_where_the_watch_ends()
    {
        using var server = new ScriptedServer()
            .Answer(HttpStatusCode.OK, List("1"))
            .Answer(HttpStatusCode.OK, string.Empty)
            .Answer(HttpStatusCode.OK, List("2"))
            .Answer(HttpStatusCode.OK, $$"""{"type":"ADDED","object":{{Leaf}}}""" + "\n");

        var found = await Api(server).WaitAsync<V1Service>("shop", "a=b", services => services.Count == 1, Token);

        Assert.Equal("leaf", found.Single().Metadata.Name);
        var last = server.Requests.Last().Address.Query;
        Assert.Contains("resourceVersion=2", last, StringComparison.Ordinal);
        Assert.Contains("labelSelector=a%3Db", last, StringComparison.Ordinal);
    }

    [Fact]
    public void A_patch_is_guarded_by_uid_and_version_and_escapes_keys()
    {
        var patch = JsonPatch.For(Live(Service())).SetAnnotation(Live(Service()), "a/b~c", "x").ToString();

        Assert.Equal(
            """[{"op":"test","path":"/metadata/uid","value":"u1"},{"op":"replace","path":"/metadata/resourceVersion","value":"7"},{"op":"add","path":"/metadata/annotations","value":{"a/b~c":"x"}}]""",
            patch);
        var annotated = Service();
        annotated.Metadata.Annotations = new Dictionary<string, string> { ["a/b~c"] = "old" };
        Assert.Contains("/metadata/annotations/a~1b~0c", JsonPatch.For(Live(annotated)).SetAnnotation(Live(annotated), "a/b~c", "x").ToString(), StringComparison.Ordinal);
    }

    private static ClusterApi Api(ScriptedServer server) => new(server.CreateClient(), TimeProvider.System);

    private static LiveObject Live(IKubernetesObject<V1ObjectMeta> resource) => resource.ToLive();

    private static V1Service Service() => new()
    {
        Metadata = new V1ObjectMeta { Name = "leaf", NamespaceProperty = "shop", Uid = "u1", ResourceVersion = "7" },
    };

    private static string List(string version) =>
        $$"""{"apiVersion":"v1","kind":"ServiceList","metadata":{"resourceVersion":"{{version}}"},"items":[]}""";

    private static string Status(string reason, string message) =>
        $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"{{reason}}","message":{{System.Text.Json.JsonSerializer.Serialize(message)}}}""";
}
