namespace Intercept.Embedded.Faults.Kinds;

internal sealed record HeldCall(TimeSpan? Time, ApiCallPhase Phase) : ApiFault
{
    internal override bool Concerns(ApiCall call) => Phase == ApiCallPhase.Before || !call.IsStream;

    internal override async Task ApplyAsync(FaultedCall call)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(call.Context.RequestAborted, call.Stopping);
        if (Phase == ApiCallPhase.Before)
        {
            await call.Fault.HoldAsync(call.Call, Time, end.Token);
            await call.GoOnAsync();
            return;
        }

        var answer = await WithheldAnswer.ProduceAsync(call.Context, call.Next);
        await call.Fault.HoldAsync(call.Call, Time, end.Token);
        await call.Context.Response.Body.WriteAsync(answer, end.Token);
    }
}
