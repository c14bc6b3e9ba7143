namespace Intercept.Tests.Apps.Holder;

/// <summary>Two programs in one: the original of a Service (with the argument <c>leaf</c>), and a process that holds intercepts of it.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args.Contains(Leaf.Argument) ? Leaf.RunAsync(args) : Holder.RunAsync(args);
}
