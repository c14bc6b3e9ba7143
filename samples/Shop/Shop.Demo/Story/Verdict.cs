namespace Shop.Demo.Story;

/// <summary>What was not as it should be.</summary>
internal sealed class Verdict
{
    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    public void Expect(bool holds, string fault)
    {
        if (!holds)
        {
            _faults.Add(fault);
        }
    }
}
