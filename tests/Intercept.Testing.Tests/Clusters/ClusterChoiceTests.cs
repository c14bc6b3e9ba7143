using Intercept.Testing.Clusters;

namespace Intercept.Testing.Tests.Clusters;

public sealed class ClusterChoiceTests
{
    [Theory]
    [InlineData(null, InterceptClusterKind.Embedded, null)]
    [InlineData("", InterceptClusterKind.Embedded, null)]
    [InlineData("embedded", InterceptClusterKind.Embedded, null)]
    [InlineData(" Embedded ", InterceptClusterKind.Embedded, null)]
    [InlineData("kubeconfig", InterceptClusterKind.Kubeconfig, null)]
    [InlineData("kubeconfig:kind-dev", InterceptClusterKind.Kubeconfig, "kind-dev")]
    [InlineData("kubeconfig:arn:aws:eks:x", InterceptClusterKind.Kubeconfig, "arn:aws:eks:x")]
    public void The_environment_decides_where_options_say_nothing(string? environment, InterceptClusterKind kind, string? context)
    {
        var choice = ClusterChoice.Of(new InterceptClusterOptions(), _ => environment);

        Assert.Equal((kind, context), (choice.Kind, choice.Context));
    }

    [Fact]
    public void Options_win_over_the_environment()
    {
        Assert.Equal(InterceptClusterKind.Embedded, ClusterChoice.Of(new() { Kind = InterceptClusterKind.Embedded }, _ => "kubeconfig:a").Kind);
        Assert.Equal(new ClusterChoice(InterceptClusterKind.Kubeconfig, "b"), ClusterChoice.Of(new() { Context = "b" }, _ => "embedded"));
        Assert.Equal(InterceptClusterKind.Kubeconfig, ClusterChoice.Of(new() { KubeconfigFile = "f" }, _ => "embedded").Kind);
    }

    [Theory]
    [InlineData("k3s", "comes with package Intercept.K3s")]
    [InlineData("kind", "write embedded, kubeconfig or kubeconfig:CONTEXT")]
    [InlineData("kubeconfig:", "write embedded, kubeconfig or kubeconfig:CONTEXT")]
    [InlineData("embedded:x", "write embedded, kubeconfig or kubeconfig:CONTEXT")]
    public void What_the_environment_can_not_mean_is_refused_with_advice(string environment, string advice)
    {
        var failure = Assert.Throws<InterceptException>(() => ClusterChoice.Of(new InterceptClusterOptions(), _ => environment));

        Assert.Contains($"INTERCEPT_CLUSTER={environment}", failure.Message, StringComparison.Ordinal);
        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_for_an_embedded_cluster_is_a_contradiction() =>
        Assert.Throws<ArgumentException>(() => ClusterChoice.Of(new() { Kind = InterceptClusterKind.Embedded, Context = "a" }, _ => null));
}
