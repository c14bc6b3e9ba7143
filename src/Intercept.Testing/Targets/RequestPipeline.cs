using Intercept.Testing.Recording;
using Microsoft.AspNetCore.Http;

namespace Intercept.Testing.Targets;

/// <summary>What a request passes in this process: its view as HTTP/1.1 where it is a WebSocket over HTTP/2, the recorder, the target.</summary>
internal static class RequestPipeline
{
    public static RequestDelegate Create(CallLog log, IRunningTarget target)
    {
        var recorder = new CallRecorder(log, target.InvokeAsync);
        return context => WebSocketView.InvokeAsync(context, recorder.InvokeAsync);
    }
}
