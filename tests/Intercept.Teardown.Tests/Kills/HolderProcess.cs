using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Intercept.Engine.Guarding;
using Intercept.Tests.Apps.Holder;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>A process that opens and closes intercepts until it is ended.</summary>
internal sealed class HolderProcess : IAsyncDisposable
{
    private const string Mark = "INTERCEPT_TEST_HOLDER";

    private readonly string _mark = $"{Guid.NewGuid():N}";
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _said = [];

    private HolderProcess(string kubeconfig, string service, IEnumerable<string> layers)
    {
        var start = new ProcessStartInfo(
            WatchdogProgram.Find(null).Dotnet, ["exec", typeof(Leaf).Assembly.Location, kubeconfig, service, .. layers])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Mark] = _mark;
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => ExitedAt = Stopwatch.GetTimestamp();
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
    }

    /// <summary>What <see cref="Process.ExitCode"/> is; 128 + n after signal n.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>When it ended, as <see cref="Stopwatch"/> counts.</summary>
    public long ExitedAt { get; private set; }

    /// <summary>All that it said, for a failure.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return string.Join(Environment.NewLine, _said);
            }
        }
    }

    public static HolderProcess Start(KillWorld world, string service, params IEnumerable<string> layers)
    {
        var holder = new HolderProcess(world.Kubeconfig, $"{KillWorld.Namespace}/{service}", layers);
        holder._process.Start();
        holder._process.BeginOutputReadLine();
        holder._process.BeginErrorReadLine();
        return holder;
    }

    /// <summary>All that it says on its standard output from now on, until it ends.</summary>
    public IAsyncEnumerable<string> ListenAsync() => _lines.Reader.ReadAllAsync(CancellationToken.None);

    /// <summary>Lets its standard input end.</summary>
    public void EndInput() => _process.StandardInput.Close();

    /// <summary>Waits until it says that it is at this point.</summary>
    /// <returns>What it says besides.</returns>
    public async Task<string> WaitForAsync(string phase) => (await WaitForAnyAsync([phase])).Text;

    /// <summary>Waits until it says that it is at one of these points.</summary>
    /// <returns>Where it is, and what it says besides.</returns>
    public async Task<(string Phase, string Text)> WaitForAnyAsync(params string[] phases)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            var words = line.Split(' ', 2);
            if (phases.Contains(words[0]))
            {
                return (words[0], words[^1]);
            }

            Assert.False(line.StartsWith(Holder.Failed, StringComparison.Ordinal), line);
        }

        Assert.Fail($"The holder ended before it was {string.Join(" or ", phases)}:{Environment.NewLine}{Said}");
        return default;
    }

    /// <summary>Sends a signal by its number.</summary>
    public void Signal(int signal) => Assert.Equal(0, Signals.Kill(_process.Id, signal));

    /// <summary>Tells it to end in a way of its own.</summary>
    public async Task OrderAsync(string order)
    {
        await _process.StandardInput.WriteLineAsync(order);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for its end.</summary>
    public Task WaitForExitAsync() => _process.WaitForExitAsync(TestContext.Current.CancellationToken);

    /// <summary>The processes that it left, and that still run.</summary>
    public IReadOnlyList<int> Descendants() =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           let name = Path.GetFileName(folder)
           where int.TryParse(name, out var id) && id != _process.Id && IsMarked(folder)
           select int.Parse(name, CultureInfo.InvariantCulture),
    ];

    /// <summary>Waits until no process that it started runs any more.</summary>
    public async Task WaitForDescendantsAsync(CancellationToken cancellationToken)
    {
        foreach (var id in Descendants())
        {
            try
            {
                using var process = Process.GetProcessById(id);
                await process.WaitForExitAsync(cancellationToken);
            }
            catch (ArgumentException)
            {
                // It has ended meanwhile.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private bool IsMarked(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Join(folder, "environ")).Contains($"{Mark}={_mark}", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is somebody else's.
            return false;
        }
    }

    private void Hear(string? line)
    {
        Note(line);
        if (line is null)
        {
            _lines.Writer.TryComplete();
        }
        else
        {
            _lines.Writer.TryWrite(line);
        }
    }

    private void Note(string? line)
    {
        lock (_said)
        {
            _said.Add(line ?? string.Empty);
        }
    }
}
