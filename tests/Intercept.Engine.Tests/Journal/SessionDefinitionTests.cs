using System.Net;
using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using Intercept.Engine.Tests.Api;

namespace Intercept.Engine.Tests.Journal;

public sealed class SessionDefinitionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_runner_that_may_not_read_definitions_relies_on_the_administrator()
    {
        using var server = new ScriptedServer().Answer(HttpStatusCode.Forbidden, """{"kind":"Status","reason":"Forbidden","message":"no"}""");

        await SessionDefinition.EnsureAsync(new ClusterApi(server.CreateClient(), TimeProvider.System), Token);

        Assert.Equal(HttpMethod.Get, server.Requests.Single().Method);
    }

    [Fact]
    public async Task A_missing_definition_is_installed_with_the_spec_that_is_written_once()
    {
        using var server = new ScriptedServer()
            .Answer(HttpStatusCode.NotFound, """{"kind":"Status","reason":"NotFound"}""")
            .Answer(HttpStatusCode.Created, """{"metadata":{"name":"sessions.system.codezero.io"}}""");

        await SessionDefinition.EnsureAsync(new ClusterApi(server.CreateClient(), TimeProvider.System), Token);

        var body = server.Requests.Last().Body;
        Assert.Contains("self == oldSelf", body, StringComparison.Ordinal);
        Assert.Contains("restore-service", body, StringComparison.Ordinal);
    }
}
