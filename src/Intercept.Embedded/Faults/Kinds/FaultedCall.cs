using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.Faults.Kinds;

/// <summary>A call that a rule has hit.</summary>
/// <param name="Context">The request and its answer.</param>
/// <param name="Call">What it asks for.</param>
/// <param name="Fault">The rule.</param>
/// <param name="Next">What comes after the rule: the next one, or the server.</param>
/// <param name="Stopping">The server ends.</param>
internal sealed record FaultedCall(HttpContext Context, ApiCall Call, InjectedFault Fault, RequestDelegate Next, CancellationToken Stopping)
{
    public void Hit() => Fault.Note(Call);

    public Task GoOnAsync() => Next(Context);
}
