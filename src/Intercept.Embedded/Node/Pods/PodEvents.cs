using Intercept.Embedded.ApiServer;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Node.Pods;

/// <summary>The kubelet's Events: what <c>kubectl describe pod</c> shows at its end.</summary>
internal sealed class PodEvents(ILocalApi api, TimeProvider time, ILogger logger)
{
    public void Warn(V1Pod pod, string reason, string message)
    {
        var now = PodTime.Seconds(time);
        try
        {
            api.Create(new Corev1Event
            {
                ApiVersion = Corev1Event.KubeApiVersion,
                Kind = Corev1Event.KubeKind,
                Metadata = new V1ObjectMeta { Name = $"{pod.Metadata.Name}.{Guid.NewGuid():N}", NamespaceProperty = pod.Metadata.NamespaceProperty },
                InvolvedObject = new V1ObjectReference
                {
                    ApiVersion = V1Pod.KubeApiVersion,
                    Kind = V1Pod.KubeKind,
                    NamespaceProperty = pod.Metadata.NamespaceProperty,
                    Name = pod.Metadata.Name,
                    Uid = pod.Metadata.Uid,
                },
                Type = "Warning",
                Reason = reason,
                Message = message,
                Count = 1,
                FirstTimestamp = now,
                LastTimestamp = now,
                Source = new V1EventSource { Component = "kubelet", Host = EmbeddedNode.Name },
            });
        }
        catch (Exception e)
        {
            // Events are best effort, as in Kubernetes: the namespace may be on its way out.
            PodsLog.EventFailed(logger, pod.Metadata.Name, e);
        }
    }
}
