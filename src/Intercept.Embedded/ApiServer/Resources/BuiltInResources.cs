using Intercept.Embedded.ApiServer.Resources.Configuration;
using Intercept.Embedded.ApiServer.Resources.Plain;
using Intercept.Embedded.ApiServer.Resources.Roles;
using Intercept.Embedded.ApiServer.Resources.Workloads;
using Intercept.Embedded.ApiServer.Schemas;
using k8s.Models;

namespace Intercept.Embedded.ApiServer.Resources;

/// <summary>The kinds that the server serves without being told.</summary>
internal static class BuiltInResources
{
    public static IEnumerable<ResourceDefinition> All(ModelSchemas schemas, StrategySet special)
    {
        var core = new Family("", "v1", schemas);
        yield return core.Make<V1Namespace>("namespaces", special.Namespaces, isNamespaced: false) with { ShortNames = ["ns"], HasStatus = true };
        yield return core.Make<V1Service>("services", special.Services) with { ShortNames = ["svc"], Categories = ["all"], HasStatus = true };
        yield return core.Make<V1Pod>("pods", special.Pods) with { ShortNames = ["po"], Categories = ["all"], HasStatus = true };
        yield return core.Make<V1ConfigMap>("configmaps", new ConfigMapStrategy()) with { ShortNames = ["cm"] };
        yield return core.Make<V1Secret>("secrets", new SecretStrategy());
        yield return core.Make<V1ServiceAccount>("serviceaccounts", new BuiltInStrategy(returnsDeleted: true)) with { ShortNames = ["sa"] };
        yield return core.Make<V1Endpoints>("endpoints", new EndpointsStrategy()) with { ShortNames = ["ep"], Singular = "endpoints" };
        yield return core.Make<Corev1Event>("events", new EventStrategy()) with { Kind = "Event", Singular = "event", ShortNames = ["ev"] };
        yield return core.Make<V1Node>("nodes", new NodeStrategy(), isNamespaced: false) with { ShortNames = ["no"], HasStatus = true };
        yield return core.Make<V1ResourceQuota>("resourcequotas", new BuiltInStrategy(returnsDeleted: true)) with { ShortNames = ["quota"], HasStatus = true };
        yield return core.Make<V1LimitRange>("limitranges", new BuiltInStrategy(createOnUpdate: true)) with { ShortNames = ["limits"] };

        var apps = new Family("apps", "v1", schemas);
        yield return apps.Make<V1Deployment>("deployments", new DeploymentStrategy()) with { ShortNames = ["deploy"], Categories = ["all"], HasStatus = true, HasScale = true };
        yield return apps.Make<V1ReplicaSet>("replicasets", new ReplicaSetStrategy()) with { ShortNames = ["rs"], Categories = ["all"], HasStatus = true, HasScale = true };

        yield return new Family("discovery.k8s.io", "v1", schemas).Make<V1EndpointSlice>("endpointslices", new EndpointSliceStrategy());
        yield return new Family("coordination.k8s.io", "v1", schemas).Make<V1Lease>("leases", new LeaseStrategy());
        yield return new Family("networking.k8s.io", "v1", schemas).Make<V1NetworkPolicy>("networkpolicies", new BuiltInStrategy(generations: true)) with
        {
            ShortNames = ["netpol"],
        };
        yield return new Family("policy", "v1", schemas).Make<V1PodDisruptionBudget>("poddisruptionbudgets", new BuiltInStrategy(generations: true, unconditional: false)) with
        {
            ShortNames = ["pdb"],
            HasStatus = true,
        };

        var rbac = new Family("rbac.authorization.k8s.io", "v1", schemas);
        yield return rbac.Make<V1Role>("roles", new RoleStrategy(isNamespaced: true));
        yield return rbac.Make<V1RoleBinding>("rolebindings", new RoleBindingStrategy(isNamespaced: true));
        yield return rbac.Make<V1ClusterRole>("clusterroles", new RoleStrategy(isNamespaced: false), isNamespaced: false);
        yield return rbac.Make<V1ClusterRoleBinding>("clusterrolebindings", new RoleBindingStrategy(isNamespaced: false), isNamespaced: false);

        yield return new Family("apiextensions.k8s.io", "v1", schemas).Make<V1CustomResourceDefinition>("customresourcedefinitions", special.CustomResourceDefinitions, isNamespaced: false) with
        {
            ShortNames = ["crd", "crds"],
            Categories = ["api-extensions"],
            HasStatus = true,
        };
    }

    private sealed record Family(string Group, string Version, ModelSchemas Schemas)
    {
        public ResourceDefinition Make<TModel>(string plural, ResourceStrategy strategy, bool isNamespaced = true)
        {
            var kind = typeof(TModel).Name[2..];
            return new ResourceDefinition
            {
                Group = Group,
                Version = Version,
                Plural = plural,
                Singular = kind.ToLowerInvariant(),
                Kind = kind,
                IsNamespaced = isNamespaced,
                Schema = Schemas.Of(typeof(TModel)),
                Strategy = strategy,
            };
        }
    }
}
