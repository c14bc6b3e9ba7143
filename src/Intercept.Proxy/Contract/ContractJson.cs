using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Intercept.Proxy.Configuration;

namespace Intercept.Proxy.Contract;

/// <summary>How the contract's records stand in JSON: strictly, one line each on the control stream.</summary>
internal static class ContractJson
{
    // By reflection: what the source generator makes of these records is a third of this assembly, and the assembly
    // travels in a ConfigMap.
    private static readonly JsonSerializerOptions Options = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        MaxDepth = 16,
    };

    /// <summary><c>intercept.json</c>.</summary>
    public static JsonTypeInfo<ProxyConfiguration> ProxyConfiguration => Of<ProxyConfiguration>();

    /// <summary>The body of a refused hello.</summary>
    public static JsonTypeInfo<Problem> Problem => Of<Problem>();

    /// <summary>A line from the test process.</summary>
    public static JsonTypeInfo<ControlCommand> ControlCommand => Of<ControlCommand>();

    /// <summary>A line from the proxy.</summary>
    public static JsonTypeInfo<ControlMessage> ControlMessage => Of<ControlMessage>();

    private static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
}
