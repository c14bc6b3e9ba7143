using System.Diagnostics;

namespace Intercept.Engine.Tests.Worlds;

/// <summary>Runs lines of sh with a real kubectl against the world's cluster.</summary>
internal static class KubectlRun
{
    /// <summary>Runs the lines as a person would who pastes them.</summary>
    /// <returns>The exit code and all output.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(EngineWorld world, IEnumerable<string> lines)
    {
        var kubectl = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "kubectl")));
        Assert.SkipUnless(kubectl && !OperatingSystem.IsWindows(), "There is no kubectl on the PATH, or no sh.");

        var folder = Directory.CreateTempSubdirectory("intercept-kubectl-");
        try
        {
            var file = Path.Combine(folder.FullName, "kubeconfig");
            world.WriteKubeconfig(file);
            using var process = new Process
            {
                StartInfo = new ProcessStartInfo("sh", ["-c", $"exec 2>&1\n{string.Join('\n', lines)}"])
                {
                    RedirectStandardOutput = true,
                    Environment = { ["KUBECONFIG"] = file, ["HOME"] = folder.FullName },
                },
            };
            process.Start();
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
