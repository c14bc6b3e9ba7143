using System.Net.Http.Json;
using Intercept.Testing;
using Intercept.Testing.Xunit;

namespace Shop.Tests;

[Collection(InterceptCollection.Name)]
public sealed class ManyTestsTests(LeafFixture intercept)
{
    private const int Tests = 100;
    private const int CallsOfEach = 3;

    [Fact]
    public async Task A_hundred_tests_at_once_each_get_their_own_answers()
    {
        await Task.WhenAll(Enumerable.Range(0, Tests).Select(CallAsync));
    }

    private async Task CallAsync(int number)
    {
        var token = TestContext.Current.CancellationToken;
        using var leaf = new NumberedLeaf(number);
        await using var test = await intercept.BeginTestAsync(InterceptTarget.Handler(leaf), token);
        using var frontend = test.CreateClient("shop/frontend");

        for (var call = 0; call < CallsOfEach; call++)
        {
            using var response = await frontend.GetAsync("/", token);
            Assert.True(response.IsSuccessStatusCode, $"Test {number}, call {call}: {response} {await response.Content.ReadAsStringAsync(token)}");
            var answer = await response.Content.ReadFromJsonAsync<ShopAnswer>(token);
            Assert.Equal(number, answer!.Leaf.Stock);
        }

        Assert.Equal(CallsOfEach, test.Calls.Count);
        Assert.All(test.Calls, call => Assert.Equal(test.HeaderValue, call.GetHeader(test.HeaderName)));
    }

    /// <summary>A leaf of a few lines, so that a hundred of them are cheap.</summary>
    private sealed class NumberedLeaf(int number) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage
            {
                Content = JsonContent.Create(new { Who = "leaf", Where = "a test", Stock = number }),
            });
    }
}
