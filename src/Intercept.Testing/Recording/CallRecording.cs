using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Intercept.Testing.Recording;

/// <summary>A call while it happens. The request's thread writes, any thread may take a <see cref="Snapshot"/>.</summary>
internal sealed class CallRecording
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _begun;
    private readonly RecordedCall _head;
    private RecordedCall? _completed;
    private int? _status;
    private IReadOnlyDictionary<string, StringValues> _responseHeaders = HeaderCopy.None;
    private Exception? _failure;

    public CallRecording(int number, HttpContext context, int bodyBound, TimeProvider time)
    {
        _time = time;
        _begun = time.GetTimestamp();
        Body = new RecordedBody(bodyBound);
        ResponseBody = new RecordedBody(bodyBound);
        var request = context.Request;
        _head = new RecordedCall
        {
            Number = number,
            Method = request.Method,
            Path = request.PathBase.Value + request.Path.Value,
            Query = request.QueryString.Value ?? string.Empty,
            Protocol = request.Protocol,
            Headers = HeaderCopy.Of(request.Headers),
            Caller = context.Connection.RemoteIpAddress is { } address ? new IPEndPoint(address, context.Connection.RemotePort) : null,
            Started = time.GetUtcNow(),
            Body = default,
            BodyTruncated = false,
            Duration = default,
            Completed = false,
            StatusCode = null,
            ResponseHeaders = HeaderCopy.None,
            ResponseBody = default,
            ResponseBodyTruncated = false,
            Exception = null,
        };
    }

    public RecordedBody Body { get; }

    public RecordedBody ResponseBody { get; }

    public bool IsCompleted => Volatile.Read(ref _completed) is not null;

    /// <summary>The answer's head is final and about to be sent.</summary>
    public void AnswerBegins(HttpResponse response)
    {
        lock (_gate)
        {
            _status = response.StatusCode;
            _responseHeaders = HeaderCopy.Of(response.Headers);
        }
    }

    /// <summary>What went wrong in a target that gave an answer all the same.</summary>
    public void Fail(Exception exception)
    {
        lock (_gate)
        {
            _failure ??= exception;
        }
    }

    /// <summary>The target is done. Its answer may not have been sent yet: then it is what <paramref name="response"/> says now.</summary>
    public void Complete(HttpResponse response, Exception? thrown)
    {
        lock (_gate)
        {
            _failure = thrown ?? _failure;
            if (_status is null && thrown is null)
            {
                _status = response.StatusCode;
                _responseHeaders = HeaderCopy.Of(response.Headers);
            }
            else if (_status is null && thrown is not OperationCanceledException)
            {
                _status = StatusCodes.Status500InternalServerError;
            }

            _completed = Take(completed: true);
        }
    }

    public RecordedCall Snapshot()
    {
        lock (_gate)
        {
            return _completed ?? Take(completed: false);
        }
    }

    private RecordedCall Take(bool completed)
    {
        var (body, bodyTruncated) = Body.Snapshot();
        var (answer, answerTruncated) = ResponseBody.Snapshot();
        return _head with
        {
            Body = body,
            BodyTruncated = bodyTruncated,
            Duration = _time.GetElapsedTime(_begun),
            Completed = completed,
            StatusCode = _status,
            ResponseHeaders = _responseHeaders,
            ResponseBody = answer,
            ResponseBodyTruncated = answerTruncated,
            Exception = _failure,
        };
    }
}
