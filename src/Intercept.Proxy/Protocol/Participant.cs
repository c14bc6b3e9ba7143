namespace Intercept.Proxy.Protocol;

/// <summary>One intercept on a Service, named by its Session. The uid tells it from an earlier Session of the same name.</summary>
/// <param name="Id">Name of the Session.</param>
/// <param name="Uid">Uid of the Session.</param>
internal sealed record Participant(string Id, string Uid);
