using FluentAssertions;
using Intercept.Testing.FluentAssertions;
using Intercept.Testing.Tests.Fakes;
using k8s;
using k8s.Models;

namespace Intercept.Testing.Tests.Residue;

public sealed class ResidueTests
{
    private static readonly ResidueOwner Colleague = new() { Session = "intercept-shop-leaf", Holder = "Another test", Host = "laptop" };

    private static readonly ResidueReport Left = new()
    {
        Items = [new ResidueItem { Kind = "Deployment", Namespace = "shop", Name = "interceptor-leaf", Service = "leaf", Owners = [Colleague], Age = TimeSpan.FromMinutes(5) }],
        Undo = ["kubectl delete deployment interceptor-leaf -n shop --ignore-not-found"],
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_left_passes()
    {
        await using var fake = await FakeCluster.StartAsync(cancellationToken: Token);

        await fake.Cluster.VerifyNoResidueAsync(cancellationToken: Token);
        await fake.Cluster.Should().HaveNoResidueAsync();
    }

    [Fact]
    public async Task What_is_left_fails_with_what_whose_how_old_and_how_to_undo_it()
    {
        await using var fake = await FakeCluster.StartAsync(cancellationToken: Token);
        fake.Interceptor.Residue.Enqueue(Left);
        fake.Interceptor.Residue.Enqueue(Left);

        var plain = await Assert.ThrowsAsync<InterceptException>(() => fake.Cluster.VerifyNoResidueAsync(cancellationToken: Token));
        var fluent = await Assert.ThrowsAnyAsync<Exception>(() => fake.Cluster.Should().HaveNoResidueAsync(because: "the {0} is over", becauseArgs: "test"));

        foreach (var message in (string[])[plain.Message, fluent.Message])
        {
            Assert.Contains("shop/interceptor-leaf", message, StringComparison.Ordinal);
            Assert.Contains("Another test", message, StringComparison.Ordinal);
            Assert.Contains("5 min", message, StringComparison.Ordinal);
            Assert.Contains("kubectl delete deployment interceptor-leaf -n shop", message, StringComparison.Ordinal);
        }

        Assert.Contains("because the test is over", fluent.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_goes_by_itself_is_waited_for()
    {
        await using var fake = await FakeCluster.StartAsync(cancellationToken: Token);
        fake.Interceptor.Residue.Enqueue(Left with { Items = [Left.Items[0] with { Kind = "Pod", IsLeaving = true }] });

        await fake.Cluster.VerifyNoResidueAsync(cancellationToken: Token);

        Assert.Empty(fake.Interceptor.Residue);
    }

    [Fact]
    public async Task What_should_go_by_itself_and_does_not_is_left()
    {
        await using var fake = await FakeCluster.StartAsync(cancellationToken: Token);
        fake.Interceptor.Residue.Enqueue(Left with { Items = [Left.Items[0] with { IsLeaving = true }] });

        await Assert.ThrowsAsync<InterceptException>(
            () => fake.Cluster.VerifyNoResidueAsync(new ResidueOptions { Patience = TimeSpan.Zero }, Token));
    }

    [Fact]
    public async Task Open_sessions_of_this_process_are_no_residue()
    {
        await using var fake = await FakeCluster.StartAsync(cancellationToken: Token);
        var own = Colleague with { IsOwn = true };
        fake.Interceptor.Residue.Enqueue(Left with { Items = [Left.Items[0] with { Owners = [own] }] });
        await fake.Cluster.VerifyNoResidueAsync(cancellationToken: Token);

        fake.Interceptor.Residue.Enqueue(Left with { Items = [Left.Items[0] with { Owners = [own, Colleague] }] });
        await Assert.ThrowsAsync<InterceptException>(() => fake.Cluster.VerifyNoResidueAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task A_hijacked_Service_is_residue_also_where_nothing_else_is_left()
    {
        await using var fake = await FakeCluster.StartAsync(cancellationToken: Token);
        fake.Interceptor.Residue.Enqueue(new ResidueReport { Services = [new TouchedService { Service = ServiceReference.Parse("shop/leaf"), IsHijacked = true }] });

        var failure = await Assert.ThrowsAsync<InterceptException>(() => fake.Cluster.VerifyNoResidueAsync(cancellationToken: Token));

        Assert.Contains("Service shop/leaf is hijacked", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_found_in_a_real_cluster()
    {
        await using var cluster = await InterceptCluster.ConnectEmbeddedAsync(cancellationToken: Token);
        await cluster.Should().HaveNoResidueAsync();
        await cluster.Kubernetes.CoreV1.CreateNamespacedConfigMapAsync(
            new V1ConfigMap
            {
                Metadata = new V1ObjectMeta
                {
                    Name = "interceptor-leaf",
                    Labels = new Dictionary<string, string> { ["app.kubernetes.io/managed-by"] = "intercept", ["system.codezero.io/service"] = "leaf" },
                },
            },
            "default",
            cancellationToken: Token);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => cluster.Should().HaveNoResidueAsync());

        Assert.Contains("ConfigMap", failure.Message, StringComparison.Ordinal);
        Assert.Contains("default/interceptor-leaf", failure.Message, StringComparison.Ordinal);
        Assert.Contains("kubectl delete configmap interceptor-leaf -n default", failure.Message, StringComparison.Ordinal);
        await cluster.Should().HaveNoResidueAsync(new ResidueOptions { Namespaces = ["kube-system"] });
    }
}
