using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Registry;

namespace Intercept.Embedded.ApiServer.Resources.Workloads;

/// <summary>What Deployments and ReplicaSets share: replicas, a selector, a pod template.</summary>
internal abstract class WorkloadStrategy(string kindInTexts) : BuiltInStrategy(generations: true)
{
    public override void Default(JsonObject json)
    {
        var spec = json.Ensure("spec");
        spec.Default("replicas", 1);
        spec.Default("template", new JsonObject());
        PodDefaults.Apply(spec.Object("template")!.Ensure("spec"));
    }

    public override void Validate(JsonObject json, List<FieldError> errors)
    {
        var spec = json.Ensure("spec");
        if (spec.Number("replicas") is < 0 and var replicas)
        {
            errors.Add(FieldError.Invalid("spec.replicas", replicas, "must be greater than or equal to 0"));
        }

        var template = spec.Ensure("template");
        var labels = template.Object("metadata")?.Object("labels");
        if (spec.Object("selector") is not { } selector)
        {
            errors.Add(FieldError.Required("spec.selector"));
        }
        else if (selector.Object("matchLabels") is not { Count: > 0 } && selector.Array("matchExpressions") is not { Count: > 0 })
        {
            errors.Add(FieldError.Invalid("spec.selector", new JsonObject(), $"empty selector is invalid for {kindInTexts}"));
        }
        else if (!Selectors.LabelSelector.FromObject(selector).Matches(labels.TextMap()))
        {
            errors.Add(FieldError.Invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"));
        }

        MetadataValidation.ValidateLabels(labels, "spec.template.labels", errors);
        var podSpec = template.Object("spec");
        PodSpecValidation.Validate(podSpec, "spec.template.spec", errors);
        if (podSpec?.Text("restartPolicy") is { } policy and not "Always")
        {
            errors.Add(FieldError.NotSupported("spec.template.spec.restartPolicy", policy, "Always"));
        }
    }

    public override void ValidateUpdate(JsonObject next, JsonObject previous, List<FieldError> errors)
    {
        var (selector, before) = (next.Ensure("spec").Object("selector"), previous.Ensure("spec").Object("selector"));
        if (!JsonNode.DeepEquals(selector, before))
        {
            errors.Add(FieldError.Invalid("spec.selector", selector, "field is immutable"));
        }
    }
}

/// <summary>Deployments.</summary>
internal sealed class DeploymentStrategy() : WorkloadStrategy("deployment")
{
    public override void Default(JsonObject json)
    {
        base.Default(json);
        var spec = json.Ensure("spec");
        var strategy = spec.Ensure("strategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            rolling.Default("maxUnavailable", "25%");
            rolling.Default("maxSurge", "25%");
        }

        spec.Default("revisionHistoryLimit", 10);
        spec.Default("progressDeadlineSeconds", 600);
    }

    public override void PrepareForCreate(JsonObject json, RequestScope scope) => json["status"] = new JsonObject();
}

/// <summary>ReplicaSets.</summary>
internal sealed class ReplicaSetStrategy() : WorkloadStrategy("replicaset")
{
    public override void PrepareForCreate(JsonObject json, RequestScope scope) => json["status"] = new JsonObject { ["replicas"] = 0 };
}
