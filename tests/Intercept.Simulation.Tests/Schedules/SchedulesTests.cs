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
        var (run, requests, checks, steps) = (0L, 0L, 0L, 0L);
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        Parallel.For(
            first,
            first + count,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken },
            (seed, state) =>
            {
                var result = Schedule.Run(seed, schemas, landscapes);
                Interlocked.Increment(ref run);
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
            $"{run} schedules in {watch.Elapsed.TotalSeconds:0.0} s, {(Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMilliseconds / run:0.0} ms of processor time each: {requests} requests, {checks} changes checked, {steps} steps"));
        Assert.True(failures.IsEmpty, string.Join($"{Environment.NewLine}{new string('=', 80)}{Environment.NewLine}", failures));
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
