using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Access;

/// <summary>Who makes a request.</summary>
internal sealed record Caller(string User, IReadOnlyList<string> Groups)
{
    private const string Authenticated = "system:authenticated";

    private const string Masters = "system:masters";

    /// <summary>The user of the cluster's own token.</summary>
    public static Caller Administrator { get; } = new("embedded", [Masters, Authenticated]);

    /// <summary>No role limits this caller.</summary>
    public bool IsAdministrator => Groups.Contains(Masters);

    public static Caller ServiceAccount(string namespaceName, string name) => new(
        ServiceAccountUser(namespaceName, name),
        ["system:serviceaccounts", $"system:serviceaccounts:{namespaceName}", Authenticated]);

    public static string ServiceAccountUser(string namespaceName, string name) => $"system:serviceaccount:{namespaceName}:{name}";

    /// <summary>The caller whom <see cref="RequestGuard"/> has let in.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>()
        ?? throw new InvalidOperationException("The request has not passed the guard.");
}
