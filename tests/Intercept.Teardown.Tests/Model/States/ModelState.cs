namespace Intercept.Teardown.Tests.Model.States;

/// <summary>
/// The cluster, both engines, the sweeper, the reaper and what the third party has done, in 61 bits: tens of millions of states
/// are kept at once.
/// </summary>
internal readonly record struct ModelState
{
    private readonly ulong _bits;

    public ServiceForm Form { get => (ServiceForm)Get(0, 2); init => _bits = Put(0, 2, (ulong)value); }

    /// <summary>The owner's selector, 0 or 1, where it is not hidden by the hijack.</summary>
    public int Selector { get => (int)Get(2, 1); init => _bits = Put(2, 1, (ulong)value); }

    public bool HasRecord { get => Get(3, 1) != 0; init => _bits = Put(3, 1, value ? 1UL : 0); }

    /// <summary>The owner's selector as the record has it.</summary>
    public int RecordedSelector { get => (int)Get(4, 1); init => _bits = Put(4, 1, (ulong)value); }

    /// <summary>Who stands in the record.</summary>
    public Holders Participants { get => (Holders)Get(5, 2); init => _bits = Put(5, 2, (ulong)value); }

    /// <summary>Who is fenced out of the Service.</summary>
    public Holders Fences { get => (Holders)Get(7, 2); init => _bits = Put(7, 2, (ulong)value); }

    public bool HasDeployment { get => Get(9, 1) != 0; init => _bits = Put(9, 1, value ? 1UL : 0); }

    public Holders DeploymentClaims { get => (Holders)Get(10, 2); init => _bits = Put(10, 2, (ulong)value); }

    public bool HasDecoy { get => Get(12, 1) != 0; init => _bits = Put(12, 1, value ? 1UL : 0); }

    public Holders DecoyClaims { get => (Holders)Get(13, 2); init => _bits = Put(13, 2, (ulong)value); }

    public Holders Sessions { get => (Holders)Get(15, 2); init => _bits = Put(15, 2, (ulong)value); }

    /// <summary>Whose Session says that it is being closed.</summary>
    public Holders Marked { get => (Holders)Get(17, 2); init => _bits = Put(17, 2, (ulong)value); }

    public Holders Crashed { get => (Holders)Get(19, 2); init => _bits = Put(19, 2, (ulong)value); }

    /// <summary>Alive, but silent for longer than the time to live.</summary>
    public Holders Suspected { get => (Holders)Get(21, 2); init => _bits = Put(21, 2, (ulong)value); }

    public Holders Done { get => (Holders)Get(23, 2); init => _bits = Put(23, 2, (ulong)value); }

    /// <summary>Whose test was told that its intercept is lost.</summary>
    public Holders Lost { get => (Holders)Get(25, 2); init => _bits = Put(25, 2, (ulong)value); }

    public CloserState Sweeper { get => GetCloser(27, 59); init => _bits = PutCloser(27, 59, value); }

    public CloserState Reaper { get => GetCloser(32, 60); init => _bits = PutCloser(32, 60, value); }

    public int SweeperCrashes { get => (int)Get(37, 2); init => _bits = Put(37, 2, (ulong)value); }

    public int ThirdPartyEdits { get => (int)Get(39, 2); init => _bits = Put(39, 2, (ulong)value); }

    /// <summary>The selector that the owner wants in the end.</summary>
    public int WantedSelector { get => (int)Get(41, 1); init => _bits = Put(41, 1, (ulong)value); }

    public EngineState EngineOfA { get => GetEngine(42); init => _bits = PutEngine(42, value); }

    public EngineState EngineOfB { get => GetEngine(50); init => _bits = PutEngine(50, value); }

    /// <summary>We stand among the owners of the Service's fields (<c>metadata.managedFields</c>).</summary>
    public bool OwnsFields { get => Get(58, 1) != 0; init => _bits = Put(58, 1, value ? 1UL : 0); }

    public EngineState EngineOf(Holders holder) => holder == Holders.A ? EngineOfA : EngineOfB;

    public ModelState With(Holders holder, EngineState engine) =>
        holder == Holders.A ? this with { EngineOfA = engine } : this with { EngineOfB = engine };

    public ModelState With(Holders holder, Progress progress) => With(holder, EngineOf(holder) with { Progress = progress });

    /// <summary>A hash that spreads well over a table of a power of two.</summary>
    public int Slot(int bitsOfTable) => (int)(((_bits ^ (_bits >> 31)) * 0x9E3779B97F4A7C15UL) >> (64 - bitsOfTable));

    private ulong Get(int offset, int width) => (_bits >> offset) & ((1UL << width) - 1);

    private ulong Put(int offset, int width, ulong value) => (_bits & ~(((1UL << width) - 1) << offset)) | (value << offset);

    private CloserState GetCloser(int offset, int flag) => new((int)Get(offset, 3), (Holders)Get(offset + 3, 2), Get(flag, 1) != 0);

    private ulong PutCloser(int offset, int flag, CloserState value) =>
        (Put(offset, 5, (uint)value.Next | ((ulong)value.Of << 3)) & ~(1UL << flag)) | (value.FoundFence ? 1UL << flag : 0);

    private EngineState GetEngine(int offset) => new((Progress)Get(offset, 5), Get(offset + 5, 1) != 0, (Holders)Get(offset + 6, 2));

    private ulong PutEngine(int offset, EngineState value) =>
        Put(offset, 8, (ulong)value.Progress | (value.HasFreshRead ? 1UL << 5 : 0) | ((ulong)value.Listing << 6));
}
