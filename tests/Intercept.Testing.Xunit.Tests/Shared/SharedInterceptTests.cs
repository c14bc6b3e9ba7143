using Intercept.Testing.Tests.Fakes;
using Intercept.Tests.Apps.Hop;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Intercept.Testing.Xunit.Tests;

/// <summary>What every way of sharing a fixture must do.</summary>
public abstract class SharedInterceptTests(HopFixture intercept)
{
    [Fact]
    public async Task A_test_reaches_the_service_in_this_process_with_a_header_of_its_own()
    {
        await using var test = await intercept.BeginTestAsync(cancellationToken: Current.Token);
        using var client = test.CreateClient("shop/frontend");

        Assert.Equal(HopFixture.InProcess, await client.GetStringAsync("/who", Current.Token));
        Assert.Equal("/who", Assert.Single(test.Calls).Path);
        Assert.NotEqual((await intercept.GetSessionAsync(Current.Token)).HeaderValue, test.HeaderValue);
    }

    [Fact]
    public async Task A_request_without_the_header_does_not()
    {
        await using var test = await intercept.BeginTestAsync(cancellationToken: Current.Token);
        using var client = (await intercept.GetClusterAsync(Current.Token)).CreateClient("shop/frontend");

        Assert.Equal(FakeInterceptor.InCluster, await client.GetStringAsync("/who", Current.Token));
        Assert.Empty(test.Calls);
    }

    [Fact]
    public async Task Two_tests_at_once_each_have_their_own_fakes_in_the_service()
    {
        await using var plain = await intercept.BeginTestAsync(cancellationToken: Current.Token);
        await using var faked = await intercept.BeginTestAsync(
            host => host.ConfigureTestServices(services => services.AddSingleton(new Readiness(new ConfigurationBuilder().Build()) { IsReady = false })),
            cancellationToken: Current.Token);
        using var plainClient = plain.CreateClient("shop/frontend");
        using var fakedClient = faked.CreateClient("shop/frontend");
        using var fromPlain = await plainClient.GetAsync("/healthz", Current.Token);
        using var fromFaked = await fakedClient.GetAsync("/healthz", Current.Token);

        Assert.Equal((200, 503), ((int)fromPlain.StatusCode, (int)fromFaked.StatusCode));
        Assert.Equal(HopFixture.InProcess, await fakedClient.GetStringAsync("/who", Current.Token));
    }

    [Fact]
    public async Task A_test_may_bring_another_target()
    {
        await using var other = new Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory<Readiness>();
        await using var test = await intercept.BeginTestAsync(other.Server, Current.Token);
        using var client = test.CreateClient("shop/frontend");

        Assert.NotEqual(HopFixture.InProcess, await client.GetStringAsync("/who", Current.Token));
    }

    [Fact]
    public async Task All_share_one_intercept()
    {
        await using var test = await intercept.BeginTestAsync(cancellationToken: Current.Token);

        Assert.Equal(1, intercept.Connects);
        Assert.Single(Assert.Single(intercept.Interceptors).Opened);
        Assert.Equal(typeof(HopFixture).FullName, intercept.Interceptors.Single().Opened.Single().Holder);
    }
}

public sealed class ClassFixtureTests(HopFixture intercept) : SharedInterceptTests(intercept), IClassFixture<HopFixture>;

[CollectionDefinition(InterceptCollection.Name)]
public sealed class SharedIntercept : ICollectionFixture<HopFixture>;

[Collection(InterceptCollection.Name)]
public sealed class CollectionFixtureTests(HopFixture intercept) : SharedInterceptTests(intercept);

[Collection("intercept")]
public sealed class SecondClassOfTheCollectionTests(HopFixture intercept) : SharedInterceptTests(intercept);
