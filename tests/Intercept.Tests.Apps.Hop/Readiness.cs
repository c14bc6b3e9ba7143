namespace Intercept.Tests.Apps.Hop;

public sealed class Readiness(IConfiguration configuration)
{
    public bool IsReady { get; set; } = configuration["READY"] != "false";
}
