using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model.Exploration;

/// <summary>One seeded history of the protocol, to its end: until nobody can do anything any more.</summary>
internal static class RandomWalk
{
    private const int UsualSteps = 8;

    /// <param name="model">The protocol.</param>
    /// <param name="seed">The same seed gives the same history.</param>
    /// <param name="longest">Where a history is broken off, in steps.</param>
    public static ModelTrace Take(ProtocolModel model, int seed, int longest = 200)
    {
        var random = new Random(seed);
        var steps = new List<Transition>();
        var next = new List<Transition>();
        for (model.Add(default, next); next.Count > 0 && steps.Count < longest; model.Add(steps[^1].Next, next))
        {
            steps.Add(Choose(next, random));
            next.Clear();
        }

        return new ModelTrace(steps);
    }

    private static Transition Choose(List<Transition> next, Random random)
    {
        var ticket = random.Next(next.Sum(transition => WeightOf(transition.Action)));
        return next.First(transition => (ticket -= WeightOf(transition.Action)) < 0);
    }

    /// <summary>Accidents are rarer than steps; else nearly every history would end with a crash at its beginning.</summary>
    private static int WeightOf(ModelAction action) =>
        action.Actor == Actor.ThirdParty || action.Step is Step.Crash or Step.BecomeSuspected ? 1 : UsualSteps;
}
