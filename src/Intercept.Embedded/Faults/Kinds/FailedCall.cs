using System.Globalization;
using System.Net;
using Intercept.Embedded.ApiServer.Http;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.Faults.Kinds;

internal sealed record FailedCall(HttpStatusCode Status, ApiCallPhase Phase, TimeSpan? RetryAfter, string? Message) : ApiFault
{
    internal override bool Concerns(ApiCall call) => Phase == ApiCallPhase.Before || !call.IsStream;

    internal override async Task ApplyAsync(FaultedCall call)
    {
        var context = call.Context;
        if (Phase == ApiCallPhase.After)
        {
            await WithheldAnswer.ProduceAsync(context, call.Next);
            context.Response.Clear();
        }

        call.Hit();
        if (RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        await ApiResponse.WriteJsonAsync(context, (int)Status, FailureStatus.Of((int)Status, call.Call, Message, RetryAfter).ToStatus());
    }
}
