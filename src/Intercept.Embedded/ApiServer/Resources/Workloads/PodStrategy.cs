using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Admission;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Resources.Workloads;

/// <summary>Pods: a ServiceAccount and its token, a first status, and an end in grace where a node runs them.</summary>
internal sealed class PodStrategy(ServiceAccountAdmission admission) : BuiltInStrategy(returnsDeleted: true, generations: true)
{
    public override void Default(JsonObject json)
    {
        var spec = json.Ensure("spec");
        PodDefaults.Apply(spec);
        spec.Default("enableServiceLinks", true);
    }

    public override void PrepareForCreate(JsonObject json, RequestScope scope)
    {
        var spec = json.Ensure("spec");
        admission.Admit(json, scope);
        spec.Default("tolerations", new JsonArray(Toleration("not-ready"), Toleration("unreachable")));
        spec.Default("priority", 0);
        spec.Default("preemptionPolicy", "PreemptLowerPriority");
        json["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QualityOfService(spec) };
    }

    public override void Validate(JsonObject json, List<FieldError> errors) =>
        PodSpecValidation.Validate(json.Object("spec"), "spec", errors);

    public override void ValidateUpdate(JsonObject next, JsonObject previous, List<FieldError> errors)
    {
        if (!JsonNode.DeepEquals(Fixed(next), Fixed(previous)))
        {
            errors.Add(FieldError.Forbidden(
                "spec",
                "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"));
        }
    }

    public override JsonObject? BeginDelete(StoredObject existing, DeleteRequest request, TimeProvider time)
    {
        var json = existing.ToJson();
        var spec = json.Ensure("spec");
        var isDone = json.Object("status")?.Text("phase") is "Succeeded" or "Failed";
        var grace = spec.Text("nodeName") is null || isDone
            ? 0
            : Math.Max(request.GracePeriodSeconds ?? spec.Number("terminationGracePeriodSeconds") ?? 30, 0);
        if (existing.IsTerminating)
        {
            var left = json.Metadata().Number("deletionGracePeriodSeconds") ?? 0;
            if (request.GracePeriodSeconds is null || grace >= left)
            {
                // Nothing is hurried by asking again; only where nobody is left to wait for, the pod goes.
                return left == 0 && existing.Finalizers.Count == 0 ? null : json;
            }
        }

        if (grace == 0 && existing.Finalizers.Count == 0 && request.Propagation is not ("Foreground" or "Orphan"))
        {
            return null;
        }

        if (!existing.IsTerminating)
        {
            ObjectDeletion.MarkTerminating(json, time.GetUtcNow(), grace);
        }
        else
        {
            json.Metadata()["deletionTimestamp"] = ApiJson.Timestamp(time.GetUtcNow().AddSeconds(grace));
            json.Metadata()["deletionGracePeriodSeconds"] = grace;
        }

        return json;
    }

    public override bool MayBeRemoved(JsonObject terminating) => terminating.Metadata().Number("deletionGracePeriodSeconds") is 0 or null;

    public override Func<JsonObject, string>? SelectableField(string path) => path switch
    {
        "spec.nodeName" => json => json.Object("spec")?.Text("nodeName") ?? "",
        "spec.restartPolicy" => json => json.Object("spec")?.Text("restartPolicy") ?? "",
        "spec.schedulerName" => json => json.Object("spec")?.Text("schedulerName") ?? "",
        "spec.serviceAccountName" => json => json.Object("spec")?.Text("serviceAccountName") ?? "",
        "spec.hostNetwork" => json => json.Object("spec")?.Flag("hostNetwork") == true ? "true" : "false",
        "status.phase" => json => json.Object("status")?.Text("phase") ?? "",
        "status.podIP" => json => json.Object("status")?.Text("podIP") ?? "",
        "status.nominatedNodeName" => json => json.Object("status")?.Text("nominatedNodeName") ?? "",
        _ => null,
    };

    // What may not change: all but images, the deadline, the tolerations, and the node while there is none yet (the binding).
    private static JsonObject Fixed(JsonObject pod)
    {
        var spec = (JsonObject)(pod.Object("spec")?.DeepClone() ?? new JsonObject());
        foreach (var name in (ReadOnlySpan<string>)["activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "nodeName", "schedulingGates"])
        {
            spec.Remove(name);
        }

        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            container.Remove("image");
        }

        return spec;
    }

    private static JsonObject Toleration(string what) => new()
    {
        ["key"] = $"node.kubernetes.io/{what}",
        ["operator"] = "Exists",
        ["effect"] = "NoExecute",
        ["tolerationSeconds"] = 300,
    };

    private static string QualityOfService(JsonObject spec)
    {
        var containers = spec.Objects("containers").Select(container => container.Object("resources") ?? []).ToList();
        if (containers.TrueForAll(resources => resources.Object("requests") is null && resources.Object("limits") is null))
        {
            return "BestEffort";
        }

        return containers.TrueForAll(resources =>
            resources.Object("limits") is { } limits
            && limits.ContainsKey("cpu")
            && limits.ContainsKey("memory")
            && JsonNode.DeepEquals(limits, resources.Object("requests")))
            ? "Guaranteed"
            : "Burstable";
    }
}
