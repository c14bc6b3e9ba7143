using Intercept.Testing.Sessions;

namespace Intercept.Testing.Residue;

/// <summary>Looks for residue, and gives what goes by itself the time to go.</summary>
internal sealed class ResidueCheck(IInterceptor interceptor, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public Task<ResidueReport> ReadAsync(ResidueOptions options, CancellationToken cancellationToken) =>
        interceptor.GetResidueAsync(options, cancellationToken);

    public async Task<ResidueReport> WaitAsync(ResidueOptions options, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            var report = await ReadAsync(options, cancellationToken);
            if (report.IsEmpty || !IsLeaving(report) || time.GetElapsedTime(begun) >= options.Patience)
            {
                return report;
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private static bool IsLeaving(ResidueReport report) =>
        report.Items.All(item => item.IsOwn || item.IsLeaving) && report.Services.All(service => service.IsOwn || service.IsClean);
}
