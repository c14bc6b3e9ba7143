namespace Intercept.Embedded.Faults.Kinds;

internal sealed record CutCall(ApiCallPhase Phase) : ApiFault
{
    internal override bool Concerns(ApiCall call) => Phase == ApiCallPhase.Before || !call.IsStream;

    internal override async Task ApplyAsync(FaultedCall call)
    {
        if (Phase == ApiCallPhase.After)
        {
            await WithheldAnswer.ProduceAsync(call.Context, call.Next);
        }

        call.Hit();
        call.Context.Abort();
    }
}
