namespace Intercept;

/// <summary>An intercept that a sweep has closed: its Service leads back, and nothing of it is left.</summary>
/// <param name="Service">The Service, as <c>namespace/name</c>.</param>
/// <param name="Session">Name of its Session.</param>
/// <param name="Reason">Why it was closed: whose it was, and what showed that nobody else would close it.</param>
public sealed record SweptIntercept(string Service, string Session, string Reason)
{
    /// <summary>One line.</summary>
    public override string ToString() => $"{Service}: {Reason}";
}
