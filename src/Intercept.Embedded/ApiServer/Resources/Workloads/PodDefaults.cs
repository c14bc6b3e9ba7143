using System.Text.Json.Nodes;

namespace Intercept.Embedded.ApiServer.Resources.Workloads;

/// <summary>What Kubernetes fills into a pod's spec, in a pod and in a template alike.</summary>
internal static class PodDefaults
{
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];

    public static void Apply(JsonObject spec)
    {
        spec.Default("restartPolicy", "Always");
        spec.Default("terminationGracePeriodSeconds", 30);
        spec.Default("dnsPolicy", "ClusterFirst");
        spec.Default("securityContext", new JsonObject());
        spec.Default("schedulerName", "default-scheduler");
        if (spec.Text("serviceAccountName") is { } account)
        {
            spec.Default("serviceAccount", account);
        }
        else if (spec.Text("serviceAccount") is { } older)
        {
            spec["serviceAccountName"] = older;
        }

        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            ApplyToContainer(container);
        }

        foreach (var volume in spec.Objects("volumes"))
        {
            ApplyToVolume(volume);
        }
    }

    private static void ApplyToContainer(JsonObject container)
    {
        container.Default("resources", new JsonObject());
        ApplyToResources(container.Object("resources")!);
        container.Default("terminationMessagePath", "/dev/termination-log");
        container.Default("terminationMessagePolicy", "File");
        container.Default("imagePullPolicy", PullPolicy(container.Text("image") ?? ""));
        foreach (var port in container.Objects("ports"))
        {
            port.Default("protocol", "TCP");
        }

        foreach (var source in container.Objects("env").Select(variable => variable.Object("valueFrom")?.Object("fieldRef")).OfType<JsonObject>())
        {
            source.Default("apiVersion", "v1");
        }

        foreach (var probe in Probes.Select(container.Object).OfType<JsonObject>())
        {
            ApplyToProbe(probe);
        }
    }

    private static void ApplyToResources(JsonObject resources)
    {
        if (resources.Object("limits") is not { } limits)
        {
            return;
        }

        foreach (var (name, amount) in limits)
        {
            resources.Ensure("requests").Default(name, amount?.DeepClone());
        }
    }

    private static void ApplyToProbe(JsonObject probe)
    {
        probe.Default("timeoutSeconds", 1);
        probe.Default("periodSeconds", 10);
        probe.Default("successThreshold", 1);
        probe.Default("failureThreshold", 3);
        if (probe.Object("httpGet") is { } get)
        {
            get.Default("path", "/");
            get.Default("scheme", "HTTP");
        }

        probe.Object("grpc")?.Default("service", "");
    }

    private static void ApplyToVolume(JsonObject volume)
    {
        if (volume.Count == 1)
        {
            volume["emptyDir"] = new JsonObject();
        }

        foreach (var source in (ReadOnlySpan<string>)["configMap", "secret", "projected", "downwardAPI"])
        {
            volume.Object(source)?.Default("defaultMode", 420);
        }

        volume.Object("hostPath")?.Default("type", "");
    }

    private static string PullPolicy(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        var isLatest = !name.Contains('@', StringComparison.Ordinal)
            && (!name.Contains(':', StringComparison.Ordinal) || name.EndsWith(":latest", StringComparison.Ordinal));
        return isLatest ? "Always" : "IfNotPresent";
    }
}
