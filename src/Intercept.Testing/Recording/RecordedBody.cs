namespace Intercept.Testing.Recording;

/// <summary>The first bytes of a body that passes by. One thread writes, any may look.</summary>
internal sealed class RecordedBody(int bound)
{
    private readonly Lock _gate = new();
    private byte[] _bytes = [];
    private int _length;
    private bool _truncated;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        lock (_gate)
        {
            var kept = Math.Min(bytes.Length, bound - _length);
            _truncated |= kept < bytes.Length;
            if (kept > _bytes.Length - _length)
            {
                Array.Resize(ref _bytes, (int)Math.Min(bound, Math.Max(_length + kept, 2L * _bytes.Length)));
            }

            bytes[..kept].CopyTo(_bytes.AsSpan(_length));
            _length += kept;
        }
    }

    /// <summary>What has passed so far. What is written later does not show in it.</summary>
    public (ReadOnlyMemory<byte> Bytes, bool Truncated) Snapshot()
    {
        lock (_gate)
        {
            // Bytes already written are never changed, and a resize leaves the old array as it is: no copy is needed.
            return (_bytes.AsMemory(0, _length), _truncated);
        }
    }
}
