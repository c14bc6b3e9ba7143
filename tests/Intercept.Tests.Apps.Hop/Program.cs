using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Intercept.Tests.Apps.Hop;

// A program for containers in tests. Its environment says what it does:
//   FAIL=throw | exit     ends at once; NEXT=url: "/" calls it and reports both;
//   LOOPBACK_PORT, PORT   listens on the loopback and on all addresses.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddHttpClient();
builder.Services.AddSingleton<Readiness>();
switch (builder.Configuration["FAIL"])
{
    case "throw":
        throw new InvalidOperationException("This program has been told to fail.");
    case "exit":
        Console.Error.WriteLine("Good bye.");
        return 3;
}

if (builder.Configuration["LOOPBACK_PORT"] is { } loopback)
{
    builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.ListenLocalhost(int.Parse(loopback, CultureInfo.InvariantCulture));
        kestrel.ListenAnyIP(builder.Configuration.GetValue<int>("PORT"));
    });
}

var who = builder.Configuration["HOSTNAME"] ?? "nobody";
var app = builder.Build();
app.UseWebSockets();
app.MapGet("/", async (HttpContext context, IConfiguration configuration) =>
{
    var next = configuration["NEXT"];
    using var http = new HttpClient();
    return next is null ? $"{who}({context.Request.Host})" : $"{who}({context.Request.Host}) > {await http.GetStringAsync(next)}";
});
app.MapGet("/who", () => who);
app.MapGet("/connection", (HttpContext context) => $"{who}/{context.Connection.Id}");
app.MapGet("/environment/{name}", (string name, IConfiguration configuration) => configuration[name] ?? "(none)");
app.MapGet("/contentroot", (IWebHostEnvironment environment) => $"{environment.EnvironmentName} {environment.ApplicationName} {environment.ContentRootPath}");
app.MapGet("/trace", (HttpContext context) => context.Request.Headers.TraceParent.ToString());
app.MapGet("/fetch", async (string url, string? by, IHttpClientFactory factory) =>
{
    if (by == "untraced")
    {
        Activity.Current = null;
    }

    using var http = by == "factory" ? factory.CreateClient() : new HttpClient();
    try
    {
        using var response = await http.GetAsync(new Uri(url));
        return $"{(int)response.StatusCode} {response.RequestMessage!.RequestUri} {await response.Content.ReadAsStringAsync()}";
    }
    catch (HttpRequestException e)
    {
        return $"{e.HttpRequestError} {e.Message}";
    }
});
app.MapGet("/kubernetes", async (string method, string path, string? body, IConfiguration configuration) =>
{
    var folder = configuration["SERVICE_ACCOUNT"]!;
    using var http = new HttpClient();
    using var request = new HttpRequestMessage(
        new HttpMethod(method),
        $"{configuration["KUBERNETES_SERVICE_SCHEME"]}://{configuration["KUBERNETES_SERVICE_HOST"]}:{configuration["KUBERNETES_SERVICE_PORT"]}{path}");
    request.Headers.Authorization = new("Bearer", await File.ReadAllTextAsync(Path.Join(folder, "token")));
    if (body is not null)
    {
        request.Content = new StringContent(body, Encoding.UTF8, method == "PATCH" ? "application/merge-patch+json" : "application/json");
    }

    using var response = await http.SendAsync(request);
    return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
});
app.MapGet("/file", (string name, IConfiguration configuration) => File.ReadAllTextAsync(Path.Join(configuration["SERVICE_ACCOUNT"], name)));
app.MapGet("/redirect", () => Results.Redirect("/who"));
app.MapGet("/echo", async (HttpContext context) =>
{
    using var socket = await context.WebSockets.AcceptWebSocketAsync();
    var buffer = new byte[256];
    var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
    await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, true, context.RequestAborted);
    await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
});
app.MapGet("/socket", async (string url, string text) =>
{
    using var socket = new ClientWebSocket();
    await socket.ConnectAsync(new Uri(url), default);
    await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, default);
    var buffer = new byte[256];
    var received = await socket.ReceiveAsync(buffer, default);
    return Encoding.UTF8.GetString(buffer, 0, received.Count);
});
app.MapGet("/healthz", (Readiness readiness) => readiness.IsReady ? Results.Ok() : Results.StatusCode(503));
app.MapPost("/ready/{ready:bool}", (bool ready, Readiness readiness) => readiness.IsReady = ready);
app.MapGet("/hang", async (ILogger<Readiness> logger) =>
{
    Messages.Said(logger, "hanging");
    await new TaskCompletionSource().Task;
});
app.MapPost("/stop", (IHostApplicationLifetime lifetime) => lifetime.StopApplication());
app.MapPost("/print", (string text) => Console.WriteLine(text));
app.MapPost("/log", (string text, ILogger<Readiness> logger) => Messages.Said(logger, text));
await app.RunAsync();
return 0;
