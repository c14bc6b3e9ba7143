using System.Net;
using k8s.Models;

namespace Intercept.Engine.Api;

/// <summary>The Kubernetes API refused a request, could not be reached for as long as the retries last, or answered something unreadable.</summary>
internal sealed class ApiException : Exception
{
    public ApiException(string request, HttpStatusCode status, V1Status? details, string body)
        : base($"{request} was answered with {(int)status} {details?.Reason ?? status.ToString()}: {details?.Message ?? body}")
    {
        Status = status;
        Details = details;
    }

    public ApiException(string request, System.Text.Json.JsonException innerException)
        : base($"{request} was answered with something that can't be read: {innerException.Message}", innerException)
    {
        Status = HttpStatusCode.OK;
    }

    public ApiException(string request, Exception innerException)
        : base($"{request} got no answer: {innerException.Message}", innerException)
    {
    }

    /// <summary>The HTTP status; null where there was no answer at all.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>The Status object of the answer, if it held one.</summary>
    public V1Status? Details { get; }

    /// <summary>There was an answer, but not of the form that it must have.</summary>
    public bool IsUnreadable => InnerException is System.Text.Json.JsonException;

    public bool IsNotFound => Status == HttpStatusCode.NotFound;

    public bool IsForbidden => Status == HttpStatusCode.Forbidden;

    public bool IsConflict => Status == HttpStatusCode.Conflict && !IsAlreadyExists;

    public bool IsAlreadyExists => Status == HttpStatusCode.Conflict && Details?.Reason == "AlreadyExists";

    public bool IsInvalid => Status == HttpStatusCode.UnprocessableEntity;
}
