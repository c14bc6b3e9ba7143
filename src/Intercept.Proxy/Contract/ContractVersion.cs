namespace Intercept.Proxy.Contract;

/// <summary>
/// The version of everything the test process and the proxy say to each other: <c>intercept.json</c>, the hello and the
/// control messages. It changes when an old end would misunderstand a new one.
/// </summary>
internal static class ContractVersion
{
    /// <summary>The version that this assembly speaks. A proxy accepts exactly its own.</summary>
    public const int Current = 1;
}
