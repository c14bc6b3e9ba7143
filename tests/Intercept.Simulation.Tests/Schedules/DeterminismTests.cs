using Intercept.Embedded.ApiServer.Schemas;

namespace Intercept.Simulation.Tests.Schedules;

/// <summary>A seed is worth nothing unless it brings the same course of events again.</summary>
public sealed class DeterminismTests
{
    private readonly ModelSchemas _schemas = new();
    private readonly Landscapes _landscapes = new();

    [Fact]
    public void A_seed_brings_the_same_course_each_time()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            Assert.Equal(Course(seed), Course(seed));
        }
    }

    [Fact]
    public void Seeds_bring_different_courses() =>
        Assert.Equal(20, Enumerable.Range(1, 20).Select(Course).Distinct(StringComparer.Ordinal).Count());

    private string Course(int seed) => Schedule.Run(seed, _schemas, _landscapes).World.Trace.Course();
}
