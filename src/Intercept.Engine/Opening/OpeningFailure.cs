using Intercept.Engine.Api;

namespace Intercept.Engine.Opening;

/// <summary>Words the failure of an opening.</summary>
internal static class OpeningFailure
{
    public static Exception Create(InterceptPlan plan, Exception cause, string? left, StepLog log)
    {
        var nothing = log.Steps.Count == 0;
        if (nothing && cause is InterceptException)
        {
            return cause;
        }

        var message =
            $"""
            The intercept of {plan.Service} for {plan.Rule} could not be opened.
            {Explain(cause)}
            {(left is null ? "Nothing of it is left in the cluster." : left)}
            Timeline:
            {(nothing ? "  nothing was done" : log.ToString())}
            """;
        return cause switch
        {
            InterceptClaimedException => new InterceptClaimedException(message),
            InterceptLostException => new InterceptLostException(message, cause),
            _ => new InterceptException(message, cause),
        };
    }

    private static string Explain(Exception cause) => cause switch
    {
        ApiException { IsForbidden: true } =>
            $"{cause.Message} The account of this test run lacks that right; docs/rights.md has the Role that it needs.",
        ApiException { Status: System.Net.HttpStatusCode.Unauthorized } =>
            $"{cause.Message} The credentials of the kubeconfig are not, or no longer, valid.",
        OperationCanceledException => "The caller cancelled it.",
        _ => cause.Message,
    };
}
