using System.Runtime.InteropServices;
using Intercept;
using Shop.Demo;
using Shop.Demo.Cluster;
using Shop.Demo.Screens;
using Shop.Demo.Story;

DemoOptions options;
try
{
    options = DemoOptions.Parse(args);
}
catch (FormatException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}

if (options.ShowHelp)
{
    Console.WriteLine(DemoOptions.Help);
    return 0;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var screen = Screen.Open(options.Plain);
var verdict = new Verdict();
try
{
    await using var cluster = await screen.StepAsync("Cluster ready, the Shop runs in it", () => DemoCluster.ConnectAsync(options, screen, stop.Token));
    screen.Line(cluster.Description);
    var pause = new Pause(cluster, screen);
    await new InterceptStory(cluster, screen, verdict, options.Hold ? pause.UntilEnterAsync : (_, _) => Task.CompletedTask).TellAsync(stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    verdict.Expect(false, "Stopped before the end; the intercepts were closed.");
}
catch (InterceptException failure)
{
    verdict.Expect(false, failure.Message);
}
catch (Exception failure) when (failure is not OperationCanceledException)
{
    verdict.Expect(false, $"Unexpected: {failure}");
}

screen.Chapter("Result");
foreach (var fault in verdict.Faults)
{
    screen.Bad(fault);
}

if (verdict.Faults.Count > 0)
{
    return 1;
}

screen.Good("All as expected: each header reached its own test server, everything else the cluster, and the cluster is as it was.");
return 0;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
