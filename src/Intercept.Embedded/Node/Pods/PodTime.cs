namespace Intercept.Embedded.Node.Pods;

internal static class PodTime
{
    /// <summary>Now, as precisely as Kubernetes' times are: to the second.</summary>
    public static DateTime Seconds(TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
    }
}
