using System.Collections.Concurrent;

namespace Intercept.Tests.Apps.Holder;

/// <summary>Several participants in one process, each with an engine of its own, that join and leave a Service on order. Ends when its input ends.</summary>
internal static class Crew
{
    /// <summary>Among the arguments, after the kubeconfig file and the Service: be this; the members' names follow.</summary>
    public const string Argument = "crew";

    /// <summary>All members reach the cluster.</summary>
    public const string Ready = "ready";

    /// <summary>An order: the member's name and its header value follow.</summary>
    public const string Join = "join";

    /// <summary>An order: the member's name follows.</summary>
    public const string Leave = "leave";

    /// <summary>An answer to an order: the member's name follows.</summary>
    public const string Done = "done";

    /// <summary>Something went wrong: the member's name and the message follow.</summary>
    public const string Failed = "failed";

    public static async Task<int> RunAsync(string[] args)
    {
        var names = args[(Array.IndexOf(args, Argument) + 1)..];
        var members = new Dictionary<string, CrewMember>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            members[name] = await CrewMember.ConnectAsync(name, args[0], args[1]);
        }

        Console.WriteLine(Ready);
        var orders = new ConcurrentBag<Task>();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            orders.Add(members[words[1]].ObeyAsync(words));
        }

        await Task.WhenAll(orders);
        foreach (var member in members.Values)
        {
            await member.DisposeAsync();
        }

        return 0;
    }
}
