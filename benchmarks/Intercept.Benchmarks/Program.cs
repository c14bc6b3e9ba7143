using System.Globalization;
using Intercept.Benchmarks;

// dotnet run -c Release --project benchmarks/Intercept.Benchmarks [-- ROUNDS]
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 9;
var comparisons = new List<Comparison>();
comparisons.AddRange(await StartBenchmark.RunAsync(rounds, CancellationToken.None));
await using (var shop = await InterceptedShop.StartAsync(CancellationToken.None))
{
    comparisons.Add(await TestBenchmark.RunAsync(shop, rounds * 5, CancellationToken.None));
    comparisons.AddRange(await CallBenchmark.RunAsync(shop, rounds * 100, CancellationToken.None));
}

Console.WriteLine($"Medians of {rounds} rounds ({rounds * 5} tests, {rounds * 100} calls), one of each in turn, on {Environment.ProcessorCount} processors");
Comparison.Print(comparisons);
