using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using Intercept.Engine.Tests.Worlds;
using Intercept.Proxy.Configuration;
using Intercept.Proxy.Reaping;
using k8s.Models;
using Microsoft.Extensions.Configuration;

namespace Intercept.Engine.Tests.Reaping;

/// <summary>The reaper's mark is a compare-and-swap of the very Session that it judged.</summary>
public sealed class ReaperMarkTests(EngineWorld world) : IClassFixture<EngineWorld>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("intercept-mark-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public Task A_holder_that_gives_a_sign_of_life_between_the_look_and_the_mark_is_not_closed() => AssertNotMarkedAsync(world.Api);

    [Fact]
    public Task So_it_is_where_the_journal_is_a_ConfigMap() => AssertNotMarkedAsync(world.CreateApiWithoutDefinitions());

    private async Task AssertNotMarkedAsync(IClusterApi api)
    {
        var journal = new SessionJournal(api, EngineWorld.Leaf, TimeProvider.System);
        var service = (await api.FindAsync<V1Service>("shop", "leaf", Token))!;
        var names = InterceptNames.For(EngineWorld.Leaf);
        var session = await journal.WriteAsync(SessionDraft.Create(service, EngineWorld.Plan("x"), names, null, TimeProvider.System), Token);
        using var client = new ApiClient(new ApiAccess(Settings()), TimeProvider.System);
        var reader = new SessionReader(client, new ReaperConfiguration
        {
            Namespace = "shop",
            Service = "leaf",
            ServiceUid = service.Metadata.Uid,
            Interceptor = names.Interceptor,
            Decoy = names.Decoy,
        });
        var seen = (await reader.FindAsync(session.Participant))!;
        await journal.BeatAsync(session, Token);

        Assert.False(await reader.MarkClosingAsync(seen));

        Assert.False((await journal.FindAsync(session.Spec.Nonce, Token))!.IsClosing);
        Assert.True(await reader.MarkClosingAsync((await reader.FindAsync(session.Participant))!));
        await journal.DeleteAsync((await journal.FindAsync(session.Spec.Nonce, Token))!, Token);
    }

    /// <summary>What a container finds in its environment.</summary>
    private IConfiguration Settings()
    {
        File.WriteAllText(Path.Join(_folder.FullName, "token"), world.Token);
        return new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [ApiAccess.Option] = _folder.FullName,
            ["KUBERNETES_SERVICE_SCHEME"] = world.ApiServer.Scheme,
            ["KUBERNETES_SERVICE_HOST"] = world.ApiServer.Host,
            ["KUBERNETES_SERVICE_PORT"] = $"{world.ApiServer.Port}",
        }).Build();
    }
}
