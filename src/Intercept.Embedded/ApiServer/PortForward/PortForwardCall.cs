using System.Globalization;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Http;
using Intercept.Embedded.ApiServer.Storage;
using Intercept.Embedded.Node;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.PortForward;

/// <summary><c>pods/portforward</c> for clients that speak plain WebSocket, as KubernetesClient does.</summary>
internal sealed class PortForwardCall(ObjectStore store, INodeGateway node, CancellationToken stopping)
{
    private static readonly string[] Protocols = ["v4.channel.k8s.io", "v4.base64.channel.k8s.io"];

    public async Task ServeAsync(ResourceCall call)
    {
        var context = call.Context;
        var pod = store.Table(call.Resource).Find(call.Namespace, call.Name) ?? throw ApiFailure.NotFound(call.Resource, call.Name);
        if (string.IsNullOrEmpty(pod.ToJson().Object("spec")?.Text("nodeName")))
        {
            throw ApiFailure.BadRequest($"pod {call.Name} does not have a host assigned");
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw context.Request.Headers.Upgrade.ToString().StartsWith("SPDY", StringComparison.OrdinalIgnoreCase)
                ? ApiFailure.NotImplemented("port-forward over SPDY; use the WebSocket protocol v4.channel.k8s.io")
                : ApiFailure.BadRequest("Upgrade request required");
        }

        var protocol = Choose(context.WebSockets.WebSocketRequestedProtocols);
        var ports = Ports(context);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = protocol });
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            using var stream = new PortForwardStream(socket, ports, (port, token) => node.DialPodAsync(call.Namespace!, call.Name, port, token));
            await stream.RunAsync(ending.Token);
        }
        catch (Exception broken) when (broken is OperationCanceledException or System.Net.WebSockets.WebSocketException or IOException)
        {
            // The client is gone or the server ends; the socket goes with the call.
        }
    }

    private static string? Choose(IList<string> requested)
    {
        if (requested.Count == 0)
        {
            return null;
        }

        var chosen = Protocols.FirstOrDefault(requested.Contains);
        return chosen switch
        {
            "v4.channel.k8s.io" => chosen,
            null => throw ApiFailure.NotImplemented($"port-forward by {string.Join(", ", requested)}; use the WebSocket protocol v4.channel.k8s.io"),
            _ => throw ApiFailure.NotImplemented($"port-forward by {chosen}; use the WebSocket protocol v4.channel.k8s.io"),
        };
    }

    private static List<int> Ports(HttpContext context)
    {
        var ports = new List<int>();
        foreach (var text in context.Request.Query["ports"].SelectMany(value => value!.Split(',')))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            {
                throw ApiFailure.BadRequest($"Unable to parse \"{text}\" as a port: it must be between 1 and 65535");
            }

            ports.Add(port);
        }

        if (ports.Count is 0 or > 100)
        {
            throw ApiFailure.BadRequest(ports.Count == 0 ? "query parameter \"port\" is required" : "at most 100 ports can be forwarded at once");
        }

        return ports;
    }
}
