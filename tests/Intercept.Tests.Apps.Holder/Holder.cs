using System.Net;
using Intercept.Engine.Guarding;
using Intercept.Testing;

namespace Intercept.Tests.Apps.Holder;

/// <summary>
/// Opens, uses and closes intercepts of a Service without end, and says on its standard output what it is doing. Orders on the
/// standard input end it in ways in which no signal does; so does their end.
/// </summary>
internal static class Holder
{
    public const string Opening = "opening";
    public const string Active = "active";
    public const string Closing = "closing";
    public const string Closed = "closed";
    public const string Lost = "lost";
    public const string Failed = "failed";

    /// <summary>Among the layers: an intercept that is open stays so until it is lost.</summary>
    public const string Stay = "stay";

    /// <summary>Among the layers: others wait longer for a sign of life, <see cref="LongTimeToLive"/>.</summary>
    public const string Patient = "patient";

    public const string Throw = "throw";
    public const string FailFast = "failfast";
    public const string Exit = "exit";

    /// <summary>What <see cref="Exit"/> ends with.</summary>
    public const int ExitCode = 3;

    /// <summary>How long others wait for a sign of life.</summary>
    public static TimeSpan TimeToLive { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How long they wait where they are to be <see cref="Patient"/>.</summary>
    public static TimeSpan LongTimeToLive { get; } = TimeSpan.FromSeconds(20);

    /// <param name="args">The kubeconfig file, the Service, and the names of the layers that are at work.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var orders = new Thread(ObeyOrders) { IsBackground = true };
        orders.Start();
        var layers = args[2..];
        await using var cluster = await InterceptCluster.FromKubeconfigAsync(options: new InterceptClusterOptions
        {
            KubeconfigFile = args[0],
            Layers = new InterceptLayers
            {
                Signals = layers.Contains(nameof(InterceptLayers.Signals)),
                Watchdog = layers.Contains(nameof(InterceptLayers.Watchdog)),
                Reaper = layers.Contains(nameof(InterceptLayers.Reaper)),
                Sweep = layers.Contains(nameof(InterceptLayers.Sweep)),
            },
        });
        try
        {
            while (true)
            {
                await HoldAsync(cluster, args[1], layers.Contains(Stay), layers.Contains(Patient) ? LongTimeToLive : TimeToLive);
            }
        }
        catch (InterceptLostException exception)
        {
            // Also where it was lost while it was being opened.
            Console.WriteLine($"{Lost} {exception.Message.ReplaceLineEndings(" | ")}");
            await Task.Delay(Timeout.Infinite);
        }
        catch (InterceptException exception)
        {
            // Whoever ended this process has taken its intercept away; the end itself comes from there.
            Console.WriteLine($"{Failed} {exception.Message.ReplaceLineEndings(" | ")}");
            await Task.Delay(Timeout.Infinite);
        }

        return 1;
    }

    private static async Task HoldAsync(InterceptCluster cluster, string service, bool stay, TimeSpan timeToLive)
    {
        Console.WriteLine(Opening);
        using var target = new Target();
        await using var session = await cluster.InterceptAsync(service, target, new InterceptOptions { TimeToLive = timeToLive });
        Console.WriteLine($"{Active} {session.HeaderValue}");
        if (stay)
        {
            await session.Lost;
        }

        using var client = session.CreateClient(service);
        var answer = await client.GetStringAsync("/");
        if (answer != nameof(Holder))
        {
            throw new InterceptException($"a marked request was answered with {answer}");
        }

        // What happens to an intercept that is just there is of interest, too.
        await Task.Delay(Random.Shared.Next(100));
        Console.WriteLine(Closing);
        await session.CloseAsync();
        Console.WriteLine(Closed);
    }

    private static void ObeyOrders()
    {
        switch (Console.In.ReadLine())
        {
            case Throw:
                throw new InvalidOperationException("This process was told to die of an exception.");
            case FailFast:
                Environment.FailFast("This process was told to fail fast.");
                break;
            default:
                Environment.Exit(ExitCode);
                break;
        }
    }

    private sealed class Target : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(nameof(Holder)) });
    }
}
