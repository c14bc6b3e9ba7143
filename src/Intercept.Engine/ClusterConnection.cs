using Intercept.Engine.Api;
using Intercept.Engine.Tunnels;

namespace Intercept.Engine;

/// <summary>The three ways in which the engine reaches a cluster; all are the Kubernetes API.</summary>
/// <param name="Api">Objects.</param>
/// <param name="ConnectProxy">Connections to a Service's proxy, by port-forward to its loopback.</param>
/// <param name="CreateServiceHandler">HTTP to a Service's ready pods, by port-forward.</param>
internal sealed record ClusterConnection(IClusterApi Api, ProxyConnector ConnectProxy, Func<HttpMessageHandler> CreateServiceHandler);
