using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Intercept.Testing.Targets;
using Intercept.Testing.Tests.Fakes;

namespace Intercept.Testing.Tests.Targets;

public sealed class UriTargetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Wire.Http1)]
    [InlineData(Wire.Http2)]
    public async Task The_server_gets_host_and_query_as_the_caller_sent_them(Wire wire)
    {
        await using var app = await SampleServer.StartKestrelAsync();
        await using var bench = await TargetBench.StartAsync(app.Address);
        using var client = bench.CreateClient(wire);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/facts?a=%2F&b=1") { Version = wire.Version(), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Host = "leaf.shop:3010";
        using var response = await client.SendAsync(request, Token);
        var facts = await response.Content.ReadFromJsonAsync<SampleApp.Facts>(Token);

        Assert.Equal("leaf.shop:3010", facts!.Host);
        Assert.Equal("/facts?a=%2F&b=1", facts.RawTarget);
    }

    [Theory]
    [InlineData(Wire.Http1)]
    [InlineData(Wire.Http2)]
    public async Task A_body_of_5_MB_comes_back_whole(Wire wire)
    {
        var sent = RandomNumberGenerator.GetBytes(5_000_000);
        await using var app = await SampleServer.StartKestrelAsync();
        await using var bench = await TargetBench.StartAsync(app.Address);
        using var client = bench.CreateClient(wire);
        using var response = await client.PostAsync("/echo", new RequestBodyContent(new MemoryStream(sent), Token), Token);

        Assert.Equal(sent, await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task An_event_stream_arrives_event_by_event()
    {
        await using var app = await SampleServer.StartKestrelAsync();
        await using var bench = await TargetBench.StartAsync(app.Address);
        using var client = bench.CreateClient(Wire.Http2);
        using var response = await client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        await app.Signals.Events.Writer.WriteAsync("one", Token);

        Assert.Equal("data: one", await reader.ReadLineAsync(Token));
        app.Signals.Events.Writer.Complete();
    }

    [Fact]
    public async Task A_caller_that_goes_away_cancels_the_server()
    {
        await using var app = await SampleServer.StartKestrelAsync();
        await using var bench = await TargetBench.StartAsync(app.Address);
        using var client = bench.CreateClient(Wire.Http2);
        using var leaving = new CancellationTokenSource();
        var call = client.GetAsync("/hang", leaving.Token);
        await app.Signals.Arrived.Task.WaitAsync(Token);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await app.Signals.Aborted.Task.WaitAsync(Token);
    }

    [Fact]
    public async Task A_path_of_the_address_stands_in_front()
    {
        await using var app = await SampleServer.StartKestrelAsync();
        await using var bench = await TargetBench.StartAsync(new Uri(app.Address, "/hello?not=this"));
        using var client = bench.CreateClient(Wire.Http1);
        using var response = await client.GetAsync("/further", Token);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("hello ", await client.GetStringAsync("/", Token));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_502_to_the_caller_and_named_to_the_test()
    {
        await using var bench = await TargetBench.StartAsync(new Uri("http://127.0.0.1:1/"));
        using var client = bench.CreateClient(Wire.Http2);
        using var response = await client.GetAsync("/", Token);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("http://127.0.0.1:1/ did not answer", (await bench.CompletedCallAsync()).Exception!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("ftp://localhost/")]
    public void An_address_that_is_none_is_refused_with_an_example(string address)
    {
        var refused = Assert.Throws<ArgumentException>(() => InterceptTarget.Uri(new Uri(address, UriKind.RelativeOrAbsolute)));

        Assert.Contains("http://localhost:5000", refused.Message, StringComparison.Ordinal);
    }
}
