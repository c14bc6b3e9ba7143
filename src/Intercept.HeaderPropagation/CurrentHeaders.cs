namespace Intercept.HeaderPropagation;

/// <summary>
/// The headers of the request that the current code works for. They follow the execution context, so work that was started
/// by a request has them, even after that request has ended; code that no request started has none.
/// </summary>
internal sealed class CurrentHeaders
{
    // Of this application only: several applications may share a process, as they do in tests.
    private readonly AsyncLocal<IReadOnlyList<CapturedHeader>?> _headers = new();

    public IReadOnlyList<CapturedHeader> Value
    {
        get => _headers.Value ?? [];
        set => _headers.Value = value;
    }
}
