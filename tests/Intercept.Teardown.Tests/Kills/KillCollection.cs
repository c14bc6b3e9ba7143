namespace Intercept.Teardown.Tests.Kills;

/// <summary>All tests with processes: one cluster, and the machine to themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class KillCollection : ICollectionFixture<KillWorld>
{
    public const string Name = "kills";
}
