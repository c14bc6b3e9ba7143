using System.Text;
using Intercept.Proxy.Configuration;

namespace Intercept.Proxy.Tests.Configuration;

public sealed class ProxyConfigurationReaderTests
{
    private const string Valid = """
        {
          "contract": 1, "service": "shop/leaf", "decoyHost": "interceptor-leaf-decoy.shop.svc", "controlPort": 8041, "healthPort": 8040,
          "ports": [
            { "name": "http", "port": 8080, "listenPort": 80, "decoyPort": 8080, "protocol": "http1" },
            { "name": "grpc", "port": 9090, "listenPort": 81, "decoyPort": 9090, "protocol": "http2" },
            { "name": "redis", "port": 6379, "listenPort": 82, "decoyPort": 6379, "protocol": "tcp" }
          ]
        }
        """;

    [Fact]
    public void A_valid_file_is_read()
    {
        var configuration = Parse(Valid);

        Assert.Equal("interceptor-leaf-decoy.shop.svc", configuration.DecoyHost);
        Assert.Equal([PortProtocol.Http1, PortProtocol.Http2, PortProtocol.Tcp], configuration.Ports.Select(port => port.Protocol));
        Assert.Equal([80, 81, 82], configuration.Ports.Select(port => port.ListenPort));
    }

    [Theory]
    [InlineData("\"contract\": 1", "\"contract\": 2", "written for contract 2")]
    [InlineData("\"contract\": 1, ", "", "contract")]
    [InlineData("\"service\"", "\"serwice\"", "serwice")]
    [InlineData("\"shop/leaf\"", "null", "service")]
    [InlineData("\"service\": \"shop/leaf\"", "\"service\": \"a\", \"service\": \"b\"", "service")]
    [InlineData("\"interceptor-leaf-decoy.shop.svc\"", "\"not a host\"", "is no host name")]
    [InlineData("\"listenPort\": 81", "\"listenPort\": 80", "ports of their own")]
    [InlineData("\"listenPort\": 81", "\"listenPort\": 0", "not from 1 to 65535")]
    [InlineData("\"decoyPort\": 8080", "\"decoyPort\": 99999", "not from 1 to 65535")]
    [InlineData("\"controlPort\": 8041", "\"controlPort\": -1", "controlPort and healthPort")]
    [InlineData("\"http2\"", "\"http3\"", "protocol")]
    [InlineData("\"grpc\"", "\"http\"", "two ports have the same name")]
    [InlineData("}\n  ]", "}\n  ", "not valid")]
    public void A_fault_is_named(string part, string replacement, string expected)
    {
        Assert.Contains(part, Valid, StringComparison.Ordinal);

        var exception = Assert.Throws<ProxyConfigurationException>(() => Parse(Valid.Replace(part, replacement, StringComparison.Ordinal)));

        Assert.StartsWith("intercept.json is not valid: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_told_with_the_way_to_name_it()
    {
        var exception = Assert.Throws<ProxyConfigurationException>(() => ProxyConfigurationReader.ReadFile("/nowhere/intercept.json"));

        Assert.Contains("/nowhere/intercept.json", exception.Message, StringComparison.Ordinal);
        Assert.Contains("--config=", exception.Message, StringComparison.Ordinal);
    }

    private static ProxyConfiguration Parse(string json) => ProxyConfigurationReader.Parse(Encoding.UTF8.GetBytes(json), "intercept.json");
}
