namespace Intercept.Proxy.Sessions;

/// <summary>One attach of a session: from the accepted hello to the end of its connection.</summary>
internal sealed class Attachment(Session session, string nextToken)
{
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whose attach it is.</summary>
    public Session Session => session;

    /// <summary>The token that the welcome carries.</summary>
    public string NextToken => nextToken;

    /// <summary>Whether the test process has set its routes, and so shown that it has the token.</summary>
    public bool Confirmed { get; set; }

    /// <summary>Completes when a newer attach has taken over.</summary>
    public Task Replaced => _replaced.Task;

    /// <summary>A newer attach takes over.</summary>
    public void Replace() => _replaced.TrySetResult();
}
