using Intercept;
using Shop.Demo.Screens;

namespace Shop.Demo.Story;

/// <summary>Requests that are made at the same time, with what each of them should get.</summary>
internal sealed class RequestTable(ShopCaller caller, Screen screen, Verdict verdict)
{
    public async Task AskAllAsync(IReadOnlyList<(HeaderRule? Header, string Expected)> requests, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(requests.Select(request => caller.AskAsync(request.Header, cancellationToken)));
        screen.Table(
            ["GET shop/frontend/ with header", "Leaf should be", "Leaf was"],
            requests.Zip(answers, (request, answer) =>
                ((IReadOnlyList<string>)[request.Header?.ToString() ?? "none", request.Expected, answer], request.Expected == answer)));
        foreach (var ((header, expected), answer) in requests.Zip(answers))
        {
            verdict.Expect(answer == expected, $"A request with header {header?.ToString() ?? "none"} should have got '{expected}' and got '{answer}'.");
        }
    }
}
