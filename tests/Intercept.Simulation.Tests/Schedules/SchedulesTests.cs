using System.Diagnostics;
using System.Globalization;
using Intercept.Embedded.ApiServer.Schemas;

namespace Intercept.Simulation.Tests.Schedules;

/// <summary>
/// The real engine under schedules drawn from seeds. INTERCEPT_SCHEDULES says how many (the default is 2,000),
/// INTERCEPT_SEED where they begin: a schedule that failed is run again with its seed and a count of 1.
/// </summary>
public sealed class SchedulesTests
{
    private const int MostFailures = 3;

    [Fact]
    public void No_schedule_breaks_an_invariant()
    {
        var (first, count) = (Number("INTERCEPT_SEED", 1), Number("INTERCEPT_SCHEDULES", 2000));
        var schemas = new ModelSchemas();
        var landscapes = new Landscapes();
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var (requests, checks, steps) = (0L, 0L, 0L);
        var watch = Stopwatch.StartNew();
        Parallel.For(
            first,
            first + count,
            new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken },
            (seed, state) =>
            {
                var result = Schedule.Run(seed, schemas, landscapes);
                Interlocked.Add(ref requests, result.World.Trace.Requests);
                Interlocked.Add(ref checks, result.World.Steps.Checks);
                Interlocked.Add(ref steps, result.World.Scheduler.Steps);
                if (result.Failure is { } failure)
                {
                    failures.Enqueue(failure);
                    if (failures.Count >= MostFailures)
                    {
                        state.Stop();
                    }
                }
            });
        TestContext.Current.SendDiagnosticMessage(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} schedules in {watch.Elapsed.TotalSeconds:0.0} s ({count / watch.Elapsed.TotalSeconds:0} a second): {requests} requests, {checks} changes checked, {steps} steps"));
        Assert.True(failures.IsEmpty, string.Join($"{Environment.NewLine}{new string('=', 80)}{Environment.NewLine}", failures));
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
