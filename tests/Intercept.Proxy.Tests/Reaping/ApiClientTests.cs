using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Intercept.Engine.Tests.Tunnels;
using Intercept.Proxy.Protocol;
using Intercept.Proxy.Reaping;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Intercept.Proxy.Tests.Reaping;

/// <summary>The reaper's client, against a server that has a certificate like a cluster's.</summary>
public sealed class ApiClientTests : IDisposable
{
    private static readonly LiveObject Live = new() { Uid = "u", ResourceVersion = "7" };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("intercept-account-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_server_with_a_certificate_of_the_clusters_authority_is_trusted_and_shown_the_token_of_the_moment()
    {
        using var authority = CreateAuthority();
        var seen = new List<string>();
        await using var server = await ServeAsync(authority, IPAddress.Loopback, context =>
        {
            seen.Add($"{context.Request.Headers.Authorization} {context.Request.Headers.UserAgent} {context.Request.Path}{context.Request.QueryString}");
            return context.Response.WriteAsync("{}");
        });
        using var client = CreateClient(authority, server);

        Assert.True((await client.GetAsync("/api")).IsDone);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "token"), "renewed\n", Cancelled);
        Assert.True((await client.PatchAsync("/api", JsonPatch.For(Live))).IsDone);

        Assert.Equal(["Bearer first intercept-reaper/0.1 /api", "Bearer renewed intercept-reaper/0.1 /api?fieldManager=intercept"], seen);
    }

    [Fact]
    public async Task A_server_with_a_certificate_of_another_authority_is_not_trusted()
    {
        using var authority = CreateAuthority();
        using var other = CreateAuthority();
        await using var server = await ServeAsync(other, IPAddress.Loopback, _ => throw new InvalidOperationException("It was trusted."));
        using var client = CreateClient(authority, server);

        await Assert.ThrowsAsync<ApiFailureException>(() => client.GetAsync("/api"));
    }

    [Fact]
    public async Task A_server_whose_certificate_is_for_another_address_is_not_trusted()
    {
        using var authority = CreateAuthority();
        await using var server = await ServeAsync(authority, IPAddress.Parse("10.0.0.1"), _ => throw new InvalidOperationException("It was trusted."));
        using var client = CreateClient(authority, server);

        await Assert.ThrowsAsync<ApiFailureException>(() => client.GetAsync("/api"));
    }

    [Fact]
    public async Task Answers_that_tell_something_are_answers_and_all_others_are_failures()
    {
        using var authority = CreateAuthority();
        await using var server = await ServeAsync(authority, IPAddress.Loopback, context =>
        {
            context.Response.StatusCode = int.Parse(context.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture);
            return context.Response.WriteAsync(context.Response.StatusCode == 404 ? "404 page not found" : """{"message":"why"}""");
        });
        using var client = CreateClient(authority, server);

        Assert.True((await client.GetAsync("/404")).IsNotFound);
        Assert.Equal("why", (await client.GetAsync("/409")).Message);
        Assert.False((await client.GetAsync("/422")).IsDone);
        foreach (var path in (string[])["/401", "/429", "/500", "/503"])
        {
            Assert.False((await Assert.ThrowsAsync<ApiFailureException>(() => client.GetAsync(path))).IsForbidden);
        }

        Assert.True((await Assert.ThrowsAsync<ApiFailureException>(() => client.GetAsync("/403"))).IsForbidden);
    }

    [Fact]
    public async Task Refusals_without_end_are_a_failure()
    {
        using var authority = CreateAuthority();
        await using var server = await ServeAsync(authority, IPAddress.Loopback, context =>
        {
            context.Response.StatusCode = 422;
            return context.Response.WriteAsync("""{"message":"a webhook says no"}""");
        });
        using var client = CreateClient(authority, server);
        var attempts = 0;

        var exception = await Assert.ThrowsAsync<ApiFailureException>(async () =>
        {
            while (true)
            {
                attempts++;
                await client.PatchAsync("/api", JsonPatch.For(Live));
            }
        });

        Assert.InRange(attempts, 10, 30);
        Assert.Contains("a webhook says no", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_token_there_is_an_obstacle_that_names_the_file()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new(ApiAccess.Option, _folder.FullName)]).Build();

        Assert.Equal($"no {Path.Combine(_folder.FullName, "token")}", new ApiAccess(settings).FindObstacle());
    }

    private static X509Certificate2 CreateAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kubernetes", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
    }

    private static async Task<WebApplication> ServeAsync(X509Certificate2 authority, IPAddress address, RequestDelegate handler)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kube-apiserver", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        var certificate = signed.CopyWithPrivateKey(key);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        app.Run(handler);
        await app.StartAsync(Cancelled);
        return app;
    }

    private ApiClient CreateClient(X509Certificate2 authority, WebApplication server)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "ca.crt"), authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder.FullName, "token"), "first\n");
        var settings = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new(ApiAccess.Option, _folder.FullName),
            new("KUBERNETES_SERVICE_HOST", "127.0.0.1"),
            new("KUBERNETES_SERVICE_PORT", $"{ProxyRig.Ports(server)[0]}"),
        ]).Build();
        var access = new ApiAccess(settings);
        Assert.Null(access.FindObstacle());
        return new ApiClient(access, TimeProvider.System);
    }
}
