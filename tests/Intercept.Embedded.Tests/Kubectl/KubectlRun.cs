using System.Diagnostics;

namespace Intercept.Embedded.Tests.Kubectl;

/// <summary>The kubectl of this machine, with a home of its own, against an embedded cluster.</summary>
internal sealed class KubectlRun : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("intercept-kubectl-");
    private readonly string _program;

    private KubectlRun(string program, EmbeddedCluster cluster)
    {
        _program = program;
        File.WriteAllText(Path.Join(_home.FullName, "kubeconfig"), cluster.CreateKubeconfig("shop"));
    }

    /// <summary>Skips the test where there is no kubectl.</summary>
    public static KubectlRun Against(EmbeddedCluster cluster)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Join(folder, "kubectl"))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "There is no kubectl on the PATH.");
        return new KubectlRun(program!, cluster);
    }

    /// <summary>Writes a manifest and gives its path.</summary>
    public string Write(string yaml)
    {
        var path = Path.Join(_home.FullName, $"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(path, yaml);
        return path;
    }

    /// <summary>What a command that must succeed prints.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, error) = await TryAsync(arguments);
        Assert.True(code == 0, $"kubectl {string.Join(' ', arguments)}: exit code {code}\n{output}{error}");
        return output;
    }

    public async Task<(int Code, string Output, string Error)> TryAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(_program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KUBECONFIG"] = Path.Join(_home.FullName, "kubeconfig");
        start.Environment["HOME"] = _home.FullName;
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, (await output).Trim(), (await error).Trim());
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    public void Dispose() => _home.Delete(recursive: true);
}
