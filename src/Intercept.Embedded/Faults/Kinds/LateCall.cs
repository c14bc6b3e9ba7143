using Intercept.Embedded.ApiServer.Http;

namespace Intercept.Embedded.Faults.Kinds;

internal sealed record LateCall : ApiFault
{
    internal override bool Concerns(ApiCall call) => !call.IsStream;

    internal override async Task ApplyAsync(FaultedCall call)
    {
        var context = call.Context;
        var client = context.RequestAborted;
        using var body = new MemoryStream(await RequestBody.ReadAsync(context));
        context.Request.Body = body;
        context.RequestAborted = call.Stopping;
        await call.Fault.HoldAsync(call.Call, null, call.Stopping);
        var answer = await WithheldAnswer.ProduceAsync(context, call.Next);
        if (!client.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(answer, client);
        }
    }
}
