using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Intercept.Embedded.ApiServer.Schemas;

namespace Intercept.Simulation.Tests.Schedules;

/// <summary>
/// The real engine under schedules drawn from seeds. INTERCEPT_SCHEDULES says how many, INTERCEPT_SEED where they begin: a
/// schedule that failed is run again with its seed and a count of 1.
/// </summary>
public sealed class SchedulesTests
{
    private const int Default = 200;
    private const int MostFailures = 8;

    [Fact]
    public void No_schedule_breaks_an_invariant()
    {
        var (first, count) = (Number("INTERCEPT_SEED", 1), Number("INTERCEPT_SCHEDULES", Default));
        var schemas = new ModelSchemas();
        var landscapes = new Landscapes();
        var failures = new ConcurrentQueue<string>();
        var statistics = new Statistics();
        var output = TestContext.Current.TestOutputHelper!;
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        Parallel.For(
            first,
            first + count,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken },
            (seed, state) =>
            {
                var result = Schedule.Run(seed, schemas, landscapes);
                statistics.Add(Count(result.World));
                if (result.Failure is { } failure)
                {
                    failures.Enqueue(failure);
                    output.WriteLine($"Seed {seed}: {(result.World.Violations is [var first, ..] ? first : result.World.Scheduler.Escape)}");
                    if (failures.Count >= MostFailures)
                    {
                        state.Stop();
                    }
                }
            });
        var run = statistics["schedules"];
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{run} schedules in {watch.Elapsed.TotalSeconds:0.0} s, {(Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMilliseconds / run:0.0} ms of processor time each"));
        output.WriteLine(statistics.ToString());
        Assert.True(failures.IsEmpty, string.Join($"{Environment.NewLine}{new string('=', 80)}{Environment.NewLine}", failures));
        Assert.Equal(count, run);
    }

    private static Statistics Count(World world)
    {
        world.Statistics.Add("schedules");
        world.Statistics.Add("API calls", world.Trace.Requests);
        world.Statistics.Add("changes checked", world.Steps.Checks);
        world.Statistics.Add("virtual seconds", (long)world.Scheduler.Now.TotalSeconds);
        world.Statistics.Add("violations", world.Violations.Count);
        return world.Statistics;
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
