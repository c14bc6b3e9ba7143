namespace Shop;

/// <summary>The body of <c>POST /orders</c>, handed on by every service.</summary>
internal sealed record Order(string Article, int Quantity);
