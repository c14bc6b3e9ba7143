namespace Shop.Leaf;

/// <summary>What the shop has; the service that tests replace.</summary>
public interface IStock
{
    /// <summary>How many pieces of an article are there.</summary>
    int Count(string article);
}
