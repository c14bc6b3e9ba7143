namespace Intercept.Testing.Xunit;

/// <summary>The usual name of the test collection that shares an intercept, so that a typing mistake does not compile.</summary>
/// <remarks>
/// xunit looks for the definition in the test assembly: write
/// <c>[CollectionDefinition(InterceptCollection.Name)] public sealed class SharedIntercept : ICollectionFixture&lt;LeafFixture&gt;;</c>
/// there, and <c>[Collection(InterceptCollection.Name)]</c> on the test classes.
/// </remarks>
public static class InterceptCollection
{
    /// <summary><c>intercept</c>.</summary>
    public const string Name = "intercept";
}
