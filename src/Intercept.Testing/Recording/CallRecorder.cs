using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Intercept.Testing.Recording;

/// <summary>Stands in front of a target and keeps what passes, without holding any of it up.</summary>
internal sealed class CallRecorder(CallLog log, RequestDelegate target)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var recording = log.Begin(context);
        var requestBody = context.Request.Body;
        var responseBody = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Request.Body = new RecordingRequestStream(requestBody, recording.Body);
        context.Features.Set<IHttpResponseBodyFeature>(new RecordingResponseBody(responseBody, recording.ResponseBody));
        context.Features.Set(recording);

        // Kestrel runs the latest callback first: what the target's own callbacks change is seen by this one.
        context.Response.OnStarting(
            static state =>
            {
                var (recording, response) = ((CallRecording, HttpResponse))state;
                recording.AnswerBegins(response);
                return Task.CompletedTask;
            },
            (recording, context.Response));

        Exception? thrown = null;
        try
        {
            await target(context);
        }
        catch (Exception e)
        {
            thrown = e;
            throw;
        }
        finally
        {
            log.Complete(recording, context.Response, thrown);
            context.Features.Set<CallRecording>(null);
            context.Features.Set(responseBody);
            context.Request.Body = requestBody;
        }
    }
}
