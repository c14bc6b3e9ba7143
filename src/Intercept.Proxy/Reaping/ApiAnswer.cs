using System.Text.Json.Nodes;

namespace Intercept.Proxy.Reaping;

/// <summary>An answer of the Kubernetes API that tells something: done, not there, or changed meanwhile.</summary>
internal sealed class ApiAnswer(int status, JsonObject? body)
{
    /// <summary>Whether it was done.</summary>
    public bool IsDone => status is >= StatusCodes.Status200OK and < StatusCodes.Status300MultipleChoices;

    /// <summary>Whether there is no such object, or no such kind.</summary>
    public bool IsNotFound => status == StatusCodes.Status404NotFound;

    /// <summary>Why it was not done.</summary>
    public string? Message => IsDone ? null : body?["message"]?.ToString();

    /// <summary>The object, where there is one.</summary>
    public JsonObject? Body => IsDone ? body : null;
}

/// <summary>The Kubernetes API could not be reached, or refused what was asked.</summary>
internal sealed class ApiFailureException(string message, int? status, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether the right to do it is missing (now).</summary>
    public bool IsForbidden => status == StatusCodes.Status403Forbidden;
}
