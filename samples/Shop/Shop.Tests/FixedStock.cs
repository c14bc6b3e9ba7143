using Shop.Leaf;

namespace Shop.Tests;

/// <summary>A fake: always the same number of pieces.</summary>
internal sealed class FixedStock(int pieces) : IStock
{
    public int Count(string article) => pieces;
}
