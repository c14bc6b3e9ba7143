namespace Intercept.Embedded.ApiServer.Resources;

/// <summary>The strategies that need more of the server than the object at hand.</summary>
internal sealed record StrategySet(
    ResourceStrategy Namespaces,
    ResourceStrategy Services,
    ResourceStrategy Pods,
    ResourceStrategy CustomResourceDefinitions);
