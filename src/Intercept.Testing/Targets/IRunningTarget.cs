using Microsoft.AspNetCore.Http;

namespace Intercept.Testing.Targets;

/// <summary>A target that answers requests, until it is disposed.</summary>
internal interface IRunningTarget : IAsyncDisposable
{
    /// <summary>Answers one request on Kestrel's own context.</summary>
    Task InvokeAsync(HttpContext context);
}
