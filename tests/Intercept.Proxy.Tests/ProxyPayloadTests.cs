using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Intercept.Engine.Tests.Tunnels;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Intercept.Proxy.Tests;

public sealed class ProxyPayloadTests
{
    private const int LargestPayload = 600_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_payload_is_small_enough_for_a_ConfigMap()
    {
        var files = await ProxyPayload.ReadAsync(Cancellation);

        Assert.Equal(
            ["Intercept.Proxy.dll", "Intercept.Proxy.runtimeconfig.json", "Yarp.ReverseProxy.dll"],
            files.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(files.Values.Sum(file => file.Length), 100_000, LargestPayload);
    }

    [Fact]
    public async Task The_payload_alone_is_a_proxy_that_starts_forwards_and_stops()
    {
        var decoy = new SampleApp("decoy");
        await using var decoyHost = await ProxyRig.ServeAsync(decoy.InvokeAsync, HttpProtocols.Http1);
        var ports = FreePorts(3);
        using var pod = await Pod.StartAsync($$"""
            { "contract": 1, "service": "shop/leaf", "decoyHost": "127.0.0.1", "controlPort": {{ports[1]}}, "healthPort": {{ports[2]}},
              "ports": [ { "name": "http", "port": 80, "listenPort": {{ports[0]}}, "decoyPort": {{ProxyRig.Ports(decoyHost)[0]}}, "protocol": "http1" } ] }
            """);
        using var client = new HttpClient();

        await pod.WaitForAsync($"http://127.0.0.1:{ports[2]}/readyz", client);
        using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{ports[0]}/"), Cancellation);
        var answer = await Answer.ReadAsync(response);

        Assert.Equal("decoy", answer.By);
        Assert.StartsWith("cluster; via=", answer.ServedBy, StringComparison.Ordinal);
        Assert.Equal(0, await pod.TerminateAsync());
    }

    [Fact]
    public async Task A_wrong_configuration_ends_the_program_with_a_message()
    {
        using var pod = await Pod.StartAsync("""{ "contract": 7 }""");

        Assert.Equal(78, await pod.WaitForExitAsync());
        Assert.Contains("intercept.json is not valid", await pod.Errors, StringComparison.Ordinal);
    }

    /// <summary>
    /// Ports below those that systems hand out by themselves: one of these, once free again, could be another test's server
    /// by the time the proxy asks for it, and that one would answer in its place.
    /// </summary>
    private static int[] FreePorts(int count)
    {
        var ports = new HashSet<int>();
        while (ports.Count < count)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Any, port);
                listener.Start();
                ports.Add(port);
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }

        return [.. ports];
    }

    /// <summary>A folder with the payload, and a process on it.</summary>
    private sealed class Pod : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("intercept-payload-");
        private readonly Process _process;

        private Pod()
        {
            _process = new Process
            {
                StartInfo = new ProcessStartInfo("dotnet", [Path.Combine(_folder.FullName, ProxyPayload.EntryPoint)])
                {
                    RedirectStandardError = true,
                    RedirectStandardOutput = true,
                    WorkingDirectory = _folder.FullName,
                },
            };
        }

        public Task<string> Errors { get; private set; } = Task.FromResult(string.Empty);

        public static async Task<Pod> StartAsync(string configuration)
        {
            var pod = new Pod();
            foreach (var (name, content) in await ProxyPayload.ReadAsync(Cancellation))
            {
                await File.WriteAllBytesAsync(Path.Combine(pod._folder.FullName, name), content, Cancellation);
            }

            await File.WriteAllTextAsync(Path.Combine(pod._folder.FullName, "intercept.json"), configuration, Cancellation);
            pod._process.Start();
            pod._process.BeginOutputReadLine();
            pod.Errors = pod._process.StandardError.ReadToEndAsync(Cancellation);
            return pod;
        }

        public async Task WaitForAsync(string address, HttpClient client)
        {
            while (true)
            {
                Assert.False(_process.HasExited, "The proxy has ended instead of becoming ready.");
                try
                {
                    using var response = await client.GetAsync(new Uri(address), Cancellation);
                    if (response.IsSuccessStatusCode)
                    {
                        return;
                    }
                }
                catch (HttpRequestException)
                {
                    // Not listening yet.
                }

                await Task.Delay(20, Cancellation);
            }
        }

        public async Task<int> TerminateAsync()
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(Cancellation);
            return await WaitForExitAsync();
        }

        public async Task<int> WaitForExitAsync()
        {
            await _process.WaitForExitAsync(Cancellation);
            return _process.ExitCode;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
                _process.WaitForExit();
            }

            _process.Dispose();
            _folder.Delete(recursive: true);
        }
    }
}
