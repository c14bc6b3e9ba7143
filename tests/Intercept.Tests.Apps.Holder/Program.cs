namespace Intercept.Tests.Apps.Holder;

/// <summary>Three programs in one: the original of a Service (argument <c>leaf</c>), a crew (<c>crew</c>), and a process that holds intercepts.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) =>
        args.Contains(Leaf.Argument) ? Leaf.RunAsync(args) : args.Contains(Crew.Argument) ? Crew.RunAsync(args) : Holder.RunAsync(args);
}
