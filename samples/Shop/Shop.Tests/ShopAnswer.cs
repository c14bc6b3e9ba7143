namespace Shop.Tests;

/// <summary>What a service of the Shop answers, with the answer of the next one inside.</summary>
internal sealed record ShopAnswer(string Who, string Where, int? Stock, bool? Accepted, ShopAnswer? Upstream)
{
    /// <summary>The end of the chain Frontend → Core → Leaf.</summary>
    public ShopAnswer Leaf => Upstream!.Upstream!;
}
