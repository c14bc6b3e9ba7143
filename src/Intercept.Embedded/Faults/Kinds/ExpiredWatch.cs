using System.Text;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Http;

namespace Intercept.Embedded.Faults.Kinds;

internal sealed record ExpiredWatch : ApiFault
{
    internal override bool Concerns(ApiCall call) => call.Verb == "watch";

    internal override Task ApplyAsync(FaultedCall call)
    {
        var asked = QueryOptions.Text(call.Context, "resourceVersion") ?? "0";
        var status = ApiFailure.Expired($"too old resource version: {asked} ({asked})").ToStatus();
        call.Hit();
        return ApiResponse.WriteAsync(call.Context, 200, Encoding.UTF8.GetBytes($"{{\"type\":\"ERROR\",\"object\":{status.ToJsonString(ApiJson.Options)}}}\n"));
    }
}
