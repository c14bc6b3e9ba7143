using Microsoft.Extensions.DependencyInjection;

namespace Intercept.HeaderPropagation.Tests;

public sealed class ContextTests
{
    [Fact]
    public async Task Outside_a_request_there_is_nothing_to_copy_and_nothing_thrown()
    {
        await using var app = await TestApp.StartAsync(TestCalls.Through(""));

        await app.CreateClient().CallNextHopAsync();

        Assert.Empty(app.Network.Sent);
    }

    [Fact]
    public async Task A_request_without_the_headers_copies_nothing_even_after_one_with_them()
    {
        await using var app = await TestApp.StartAsync(TestCalls.Through(""));

        await app.CallAsync(("x-c6o-intercept", "yes"));
        await app.CallAsync();

        Assert.Empty(app.Network.Sent);
    }

    [Fact]
    public async Task Background_work_that_a_request_started_has_its_headers_after_the_request_ended()
    {
        var ended = new TaskCompletionSource();
        Task? background = null;
        await using var app = await TestApp.StartAsync(context =>
        {
            var factory = context.RequestServices.GetRequiredService<IHttpClientFactory>();
            background ??= Task.Run(async () =>
            {
                await ended.Task;
                await factory.CreateClient().CallNextHopAsync();
            });
            return Task.CompletedTask;
        });

        await app.CallAsync(("x-c6o-intercept", "yes"));
        await app.CallAsync(("x-c6o-intercept", "later"));
        ended.SetResult();
        await background!;

        Assert.Equal(["yes"], app.Network.Sent["x-c6o-intercept"]);
    }

    [Fact]
    public async Task Work_that_goes_through_a_queue_takes_a_captured_context_along()
    {
        ExecutionContext? captured = null;
        await using var app = await TestApp.StartAsync(_ =>
        {
            captured = ExecutionContext.Capture();
            return Task.CompletedTask;
        });
        await app.CallAsync(("x-c6o-intercept", "yes"));

        var call = Task.CompletedTask;
        ExecutionContext.Run(captured!, _ => call = app.CreateClient().CallNextHopAsync(), null);
        await call;

        Assert.Equal(["yes"], app.Network.Sent["x-c6o-intercept"]);
    }

    [Fact]
    public async Task Requests_at_the_same_time_do_not_mix()
    {
        var missing = 8;
        var allArrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await TestApp.StartAsync(async context =>
        {
            if (Interlocked.Decrement(ref missing) == 0)
            {
                allArrived.SetResult();
            }

            await allArrived.Task;
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://next/");
            using var client = new HttpMessageInvoker(
                new InterceptHeaderPropagationHandler(context.RequestServices.GetRequiredService<CurrentHeaders>()) { InnerHandler = new RecordingHandler() });
            await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(context.Request.Headers["x-c6o-intercept"].ToArray(), request.Headers.GetValues("x-c6o-intercept"));
        });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => app.CallAsync(("x-c6o-intercept", $"value-{i}"))));
    }

    [Fact]
    public async Task Two_applications_in_one_process_do_not_see_each_others_headers()
    {
        await using var inner = await TestApp.StartAsync(TestCalls.Through(""));
        await using var outer = await TestApp.StartAsync(_ => inner.CreateClient().CallNextHopAsync());

        await outer.CallAsync(("x-c6o-intercept", "yes"));

        Assert.Empty(inner.Network.Sent);
    }
}
