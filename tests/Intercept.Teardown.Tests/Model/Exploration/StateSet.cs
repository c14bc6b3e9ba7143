using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Exploration;

/// <summary>
/// The states found so far, in the order of their finding, each with the one that it was found from. About 20 bytes a state: an
/// open-addressing table of places in two plain arrays.
/// </summary>
internal sealed class StateSet
{
    private ModelState[] states = new ModelState[1 << 12];
    private int[] parents = new int[1 << 12];
    private int[] table = NewTable(13);
    private int bitsOfTable = 13;

    public int Count { get; private set; }

    public ModelState this[int index] => states[index];

    public int ParentOf(int index) => parents[index];

    public bool Contains(ModelState state) => table[SlotOf(state)] >= 0;

    /// <summary>Whether the state is new.</summary>
    public bool Add(ModelState state, int parent)
    {
        var slot = SlotOf(state);
        if (table[slot] >= 0)
        {
            return false;
        }

        if (Count == states.Length)
        {
            Grow();
            slot = SlotOf(state);
        }

        table[slot] = Count;
        states[Count] = state;
        parents[Count] = parent;
        Count++;
        return true;
    }

    private static int[] NewTable(int bits)
    {
        var table = new int[1 << bits];
        Array.Fill(table, -1);
        return table;
    }

    /// <summary>Where the state is, or where it would be.</summary>
    private int SlotOf(ModelState state)
    {
        var slot = state.Slot(bitsOfTable);
        while (table[slot] is var index && index >= 0 && states[index] != state)
        {
            slot = (slot + 1) & (table.Length - 1);
        }

        return slot;
    }

    private void Grow()
    {
        Array.Resize(ref states, states.Length * 2);
        Array.Resize(ref parents, parents.Length * 2);
        bitsOfTable++;
        table = NewTable(bitsOfTable);
        for (var index = 0; index < Count; index++)
        {
            table[SlotOf(states[index])] = index;
        }
    }
}
