using System.Text.Json.Serialization;
using Intercept.Proxy.Configuration;

namespace Intercept.Proxy.Contract;

/// <summary>How the contract's records stand in JSON: strictly, one line each on the control stream.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16)]
[JsonSerializable(typeof(ProxyConfiguration))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ControlCommand))]
[JsonSerializable(typeof(ControlMessage))]
internal sealed partial class ContractJson : JsonSerializerContext;
