using FluentAssertions;
using FluentAssertions.Execution;
using FluentAssertions.Primitives;

namespace Intercept.Testing.FluentAssertions;

/// <summary>Assertions on what intercepts have left in a cluster.</summary>
public sealed class InterceptClusterAssertions : ReferenceTypeAssertions<InterceptCluster, InterceptClusterAssertions>
{
    internal InterceptClusterAssertions(InterceptCluster cluster)
        : base(cluster)
    {
    }

    /// <inheritdoc/>
    protected override string Identifier => "cluster";

    /// <summary>
    /// Intercepts have left nothing; the open sessions of this process don't count. A failure tells what there is, whose, how old, and
    /// how to undo it.
    /// </summary>
    /// <param name="options">Where to look; the defaults where null.</param>
    /// <param name="because">Why, for the message.</param>
    /// <param name="becauseArgs">What fills the placeholders of <paramref name="because"/>.</param>
    /// <exception cref="InterceptException">The cluster can't be read.</exception>
    public async Task<AndConstraint<InterceptClusterAssertions>> HaveNoResidueAsync(
        ResidueOptions? options = null, string because = "", params object[] becauseArgs)
    {
        var report = await Subject.WaitForNoResidueAsync(options, CancellationToken.None);
        Execute.Assertion
            .ForCondition(report.IsEmpty)
            .BecauseOf(because, becauseArgs)
            .FailWith("Expected {0} to have no residue{reason}, but found:{1}", new VerbatimText(Subject.Description), new VerbatimText($"{Environment.NewLine}{report}"));
        return new AndConstraint<InterceptClusterAssertions>(this);
    }
}
