using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Exploration;

/// <summary>
/// The states found so far, in the order of their finding, each with the one that it was found from. About 20 bytes a state: an
/// open-addressing table of places in two plain arrays.
/// </summary>
internal sealed class StateSet
{
    private ModelState[] _states = new ModelState[1 << 12];
    private int[] _parents = new int[1 << 12];
    private int[] _table = NewTable(13);
    private int _bitsOfTable = 13;

    public int Count { get; private set; }

    public ModelState this[int index] => _states[index];

    public int ParentOf(int index) => _parents[index];

    public bool Contains(ModelState state) => _table[SlotOf(state)] >= 0;

    /// <summary>Whether the state is new.</summary>
    public bool Add(ModelState state, int parent)
    {
        var slot = SlotOf(state);
        if (_table[slot] >= 0)
        {
            return false;
        }

        if (Count == _states.Length)
        {
            Grow();
            slot = SlotOf(state);
        }

        _table[slot] = Count;
        _states[Count] = state;
        _parents[Count] = parent;
        Count++;
        return true;
    }

    private static int[] NewTable(int bits)
    {
        var _table = new int[1 << bits];
        Array.Fill(_table, -1);
        return _table;
    }

    /// <summary>Where the state is, or where it would be.</summary>
    private int SlotOf(ModelState state)
    {
        var slot = state.Slot(_bitsOfTable);
        while (_table[slot] is var index && index >= 0 && _states[index] != state)
        {
            slot = (slot + 1) & (_table.Length - 1);
        }

        return slot;
    }

    private void Grow()
    {
        Array.Resize(ref _states, _states.Length * 2);
        Array.Resize(ref _parents, _parents.Length * 2);
        _bitsOfTable++;
        _table = NewTable(_bitsOfTable);
        for (var index = 0; index < Count; index++)
        {
            _table[SlotOf(_states[index])] = index;
        }
    }
}
