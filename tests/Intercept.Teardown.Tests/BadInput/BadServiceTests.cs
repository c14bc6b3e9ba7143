namespace Intercept.Teardown.Tests.BadInput;

public sealed class BadServiceTests
{
    public static TheoryData<string> Ports { get; } =
    [
        "", " ", "0", "-1", "65536", "3010 ", " 3010", "03010", "3010.0", "0xbc2", "http ", "HTTP", "http/1", "../http", "http\n", "\0", "https", "grpc", "*", "3010/TCP", "３０１０", "99999999999999999999",
    ];

    public static TheoryData<string> Services { get; } =
    [
        "", "null", "[]", "1", "\"leaf\"", "{}", "{", "<html></html>", "{\"metadata\":null,\"spec\":null}", "{\"metadata\":{},\"spec\":{}}",
        CannedApi.GoodService.Replace("{\"app\":\"leaf\"}", "{\"app\":1}", StringComparison.Ordinal),
        CannedApi.GoodService.Replace("{\"app\":\"leaf\"}", "[]", StringComparison.Ordinal),
        CannedApi.GoodService.Replace("{\"app\":\"leaf\"}", "\"app=leaf\"", StringComparison.Ordinal),
        CannedApi.GoodService.Replace("{\"app\":\"leaf\"}", "null", StringComparison.Ordinal),
        CannedApi.GoodService.Replace("{\"app\":\"leaf\"}", "{}", StringComparison.Ordinal),
        CannedApi.GoodService.Replace("\"port\":3010,", "\"port\":\"http\",", StringComparison.Ordinal),
        CannedApi.GoodService.Replace("\"port\":3010,", "\"port\":1e99,", StringComparison.Ordinal),
        CannedApi.GoodService.Replace("\"targetPort\":3010", "\"targetPort\":{}", StringComparison.Ordinal),
        CannedApi.GoodService.Replace("\"protocol\":\"TCP\"", "\"protocol\":\"SCTP\"", StringComparison.Ordinal),
        CannedApi.GoodService.Replace("\"protocol\":\"TCP\"", "\"protocol\":\"tcp\"", StringComparison.Ordinal),
        CannedApi.GoodService.Replace("\"resourceVersion\":\"1\"", "\"resourceVersion\":\"1\",\"annotations\":[]", StringComparison.Ordinal),
        CannedApi.GoodService.Replace("\"resourceVersion\":\"1\"", "\"resourceVersion\":\"1\",\"annotations\":{\"a\":1}", StringComparison.Ordinal),
        CannedApi.GoodService.Replace("\"resourceVersion\":\"1\"", "\"resourceVersion\":\"1\",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"", StringComparison.Ordinal),
        CannedApi.GoodService.Replace("\"resourceVersion\":\"1\"", "\"resourceVersion\":\"1\",\"deletionTimestamp\":\"yesterday\"", StringComparison.Ordinal),
        CannedApi.GoodService.Replace("\"10.0.0.1\"", "\"None\"", StringComparison.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Ports))]
    public async Task A_port_that_the_Service_lacks_is_refused_with_those_that_it_has(string port)
    {
        using var api = new CannedApi();

        var exception = await api.OpenAsync(CannedApi.Plan with { Port = port });

        Assert.Contains("3010 (http)", exception.Message, StringComparison.Ordinal);
        Assert.Empty(api.Writes);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task An_answer_that_is_no_Service_to_intercept_is_refused(string json)
    {
        using var api = new CannedApi().Answer(CannedApi.ServicePath, json);

        var exception = await api.OpenAsync();

        Assert.IsNotType<NullReferenceException>(exception.InnerException);
        Assert.Contains("leaf", exception.Message, StringComparison.Ordinal);
        Assert.Empty(api.Writes);
    }
}
