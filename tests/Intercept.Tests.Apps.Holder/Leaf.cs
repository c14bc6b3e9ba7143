using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Intercept.Tests.Apps.Holder;

/// <summary>Answers <c>/once/{id}</c> with the id and the number of times that it was asked for it; has a <see cref="Ledger"/>.</summary>
public sealed class Leaf
{
    /// <summary>On the command line of the program: be this one.</summary>
    public const string Argument = "leaf";

    /// <summary>What its <see cref="Ledger"/> calls itself.</summary>
    public const string Name = "original";

    private readonly ConcurrentDictionary<string, int> _seen = new(StringComparer.Ordinal);

    internal static async Task<int> RunAsync(string[] args)
    {
        var leaf = new Leaf();
        var app = WebApplication.CreateSlimBuilder(args).Build();
        app.MapGet("/ready", () => Results.Ok());
        app.UseWebSockets();
        new Ledger(Name).Map(app);
        app.MapGet("/once/{id}", (string id) => leaf.Answer(id));
        await app.RunAsync();
        return 0;
    }

    private string Answer(string id) =>
        string.Create(CultureInfo.InvariantCulture, $"{id} {_seen.AddOrUpdate(id, 1, (_, count) => count + 1)}");
}
