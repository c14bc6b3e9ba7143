using Intercept.Engine.Api;
using Intercept.Engine.Opening;

namespace Intercept.Engine;

/// <summary>The three ways in which the engine reaches a cluster; all are the Kubernetes API.</summary>
/// <param name="Api">Objects.</param>
/// <param name="DialPod">Byte streams to a pod's loopback, by port-forward.</param>
/// <param name="CreateServiceHandler">HTTP to a Service's ready pods, by port-forward.</param>
internal sealed record ClusterConnection(IClusterApi Api, PodDialer DialPod, Func<HttpMessageHandler> CreateServiceHandler);
