using System.Text.Json.Nodes;

namespace Intercept.Embedded.ApiServer.Failures;

/// <summary>A request that the API server answers with a Kubernetes <c>Status</c> of kind Failure.</summary>
internal sealed class ApiStatusException(int code, string? reason, string message, JsonObject? details = null) : Exception(message)
{
    /// <summary>The HTTP status, the same as <c>Status.code</c>.</summary>
    public int Code { get; } = code;

    /// <summary><c>Status.reason</c>, such as <c>NotFound</c> or <c>Conflict</c>; null where Kubernetes gives none.</summary>
    public string? Reason { get; } = reason;

    /// <summary>The <c>Status</c> as it goes to the client; a new object with every call.</summary>
    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason is not null)
        {
            status["reason"] = Reason;
        }

        if (details is not null)
        {
            status["details"] = details.DeepClone();
        }

        status["code"] = Code;
        return status;
    }
}
