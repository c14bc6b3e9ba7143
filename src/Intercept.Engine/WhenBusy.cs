namespace Intercept;

/// <summary>What to do where others intercept the Service already.</summary>
public enum WhenBusy
{
    /// <summary>Take part, with another rule: proxy, decoy and hijack are shared. The default.</summary>
    Join,

    /// <summary>Wait until the last of them has left, for <see cref="InterceptTimeouts.Busy"/> at most.</summary>
    Wait,

    /// <summary>Fail at once, naming them.</summary>
    Fail,
}
