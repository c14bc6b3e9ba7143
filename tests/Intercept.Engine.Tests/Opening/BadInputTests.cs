using Intercept.Engine.Tests.Worlds;

namespace Intercept.Engine.Tests.Opening;

/// <summary>What can't be intercepted is refused with the way out, before anything is changed.</summary>
public sealed class BadInputTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("shop/nope", "", "There is no Service nope in namespace shop", "leaf")]
    [InlineData("nowhere/leaf", "", "There is no namespace nowhere", "cluster you mean")]
    [InlineData("shop/headless", "clusterIP: None, selector: {app: leaf}, ports: [{port: 80}]", "headless", "ClusterIP Service")]
    [InlineData("shop/external", "type: ExternalName, externalName: example.test", "ExternalName", "example.test")]
    [InlineData("shop/selectorless", "ports: [{port: 80}]", "no selector", "Give it a selector")]
    [InlineData("shop/udp", "selector: {app: leaf}, ports: [{port: 53, protocol: UDP}]", "UDP", "Service of their own")]
    [InlineData("shop/local", "selector: {app: leaf}, internalTrafficPolicy: Local, ports: [{port: 80}]", "Local", "Cluster")]
    [InlineData("shop/halfway", "selector: {app: interceptor, system.codezero.io/session: abc}, ports: [{port: 80}]", "record", "by hand")]
    public async Task A_service_that_cannot_be_intercepted_is_refused(string service, string spec, string reason, string wayOut)
    {
        if (spec.Length > 0)
        {
            await world.ApplyAsync(
                $$"""
                apiVersion: v1
                kind: Service
                metadata: {name: {{service.Split('/')[1]}}, namespace: shop}
                spec: { {{spec}} }
                """);
        }

        var before = await world.SnapshotAsync();

        var exception = await Assert.ThrowsAsync<InterceptException>(
            () => world.CreateEngine().OpenAsync(EngineWorld.Plan("x") with { Service = ServiceReference.Parse(service) }, null, Token));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Contains(wayOut, exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task A_port_that_the_service_lacks_is_refused_and_the_ports_are_named()
    {
        var exception = await Assert.ThrowsAsync<InterceptException>(
            () => world.CreateEngine().OpenAsync(EngineWorld.Plan("x") with { Port = "grpc" }, null, Token));

        Assert.Contains("3010 (http)", exception.Message, StringComparison.Ordinal);
    }
}
