namespace Intercept.Proxy.Reaping;

/// <summary>What the reaper is about, for people.</summary>
internal sealed class ReaperStatus
{
    private volatile string _text = "starting";

    /// <summary><c>on</c>, <c>off: …</c>, <c>failing: …</c> or <c>done: …</c>.</summary>
    public string Text
    {
        get => _text;
        set => _text = value;
    }
}
