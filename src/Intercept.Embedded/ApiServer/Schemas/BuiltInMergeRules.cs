namespace Intercept.Embedded.ApiServer.Schemas;

/// <summary>
/// The merge tags of Kubernetes' Go types (<c>patchMergeKey</c>, <c>listMapKey</c>, <c>mapType=atomic</c>), which KubernetesClient's
/// models do not carry. Keyed by model and JSON name.
/// </summary>
internal static class BuiltInMergeRules
{
    private static readonly Dictionary<string, MergeRule> Fields = new(StringComparer.Ordinal)
    {
        ["V1ObjectMeta.ownerReferences"] = MergeRule.ByKey("uid"),
        ["V1ObjectMeta.finalizers"] = new(MergesPrimitives: true, IsSet: true),
        ["V1ServiceSpec.ports"] = MergeRule.ByKey("port", "protocol"),
        ["V1ServiceSpec.selector"] = new(IsAtomic: true),
        ["V1ServiceStatus.conditions"] = MergeRule.ByKey("type"),
        ["V1ServiceAccount.secrets"] = MergeRule.ByKey("name"),
        ["V1PodSpec.containers"] = MergeRule.ByKey("name"),
        ["V1PodSpec.initContainers"] = MergeRule.ByKey("name"),
        ["V1PodSpec.ephemeralContainers"] = MergeRule.ByKey("name"),
        ["V1PodSpec.volumes"] = new(PatchKey: "name", ListKeys: ["name"], RetainsKeys: true),
        ["V1PodSpec.imagePullSecrets"] = MergeRule.ByKey("name"),
        ["V1PodSpec.hostAliases"] = MergeRule.ByKey("ip"),
        ["V1PodSpec.topologySpreadConstraints"] = MergeRule.ByKey("topologyKey", "whenUnsatisfiable"),
        ["V1PodSpec.schedulingGates"] = MergeRule.ByKey("name"),
        ["V1PodSpec.resourceClaims"] = MergeRule.ByKey("name"),
        ["V1PodSpec.nodeSelector"] = new(IsAtomic: true),
        ["V1PodStatus.conditions"] = MergeRule.ByKey("type"),
        ["V1PodStatus.podIPs"] = MergeRule.ByKey("ip"),
        ["V1PodStatus.hostIPs"] = new(PatchKey: "ip"),
        ["V1Container.ports"] = MergeRule.ByKey("containerPort", "protocol"),
        ["V1Container.env"] = MergeRule.ByKey("name"),
        ["V1Container.volumeMounts"] = MergeRule.ByKey("mountPath"),
        ["V1Container.volumeDevices"] = MergeRule.ByKey("devicePath"),
        ["V1DeploymentSpec.strategy"] = new(RetainsKeys: true),
        ["V1DeploymentStatus.conditions"] = MergeRule.ByKey("type"),
        ["V1ReplicaSetStatus.conditions"] = MergeRule.ByKey("type"),
        ["V1NamespaceStatus.conditions"] = MergeRule.ByKey("type"),
        ["V1NodeStatus.conditions"] = MergeRule.ByKey("type"),
        ["V1NodeStatus.addresses"] = MergeRule.ByKey("type"),
        ["V1NodeSpec.podCIDRs"] = new(MergesPrimitives: true, IsSet: true),
        ["V1CustomResourceDefinitionStatus.conditions"] = new(ListKeys: ["type"]),
        ["V1PodDisruptionBudgetStatus.conditions"] = MergeRule.ByKey("type"),
    };

    private static readonly HashSet<string> AtomicTypes = new(StringComparer.Ordinal)
    {
        "V1LabelSelector", "V1ObjectReference", "V1LocalObjectReference", "V1ObjectFieldSelector", "V1ConfigMapKeySelector",
        "V1SecretKeySelector", "V1ResourceFieldSelector", "V1TypedLocalObjectReference", "V1NodeSelector", "V1NodeSelectorTerm",
        "V1OwnerReference", "V1RoleRef", "V1ScopeSelector", "V1EndpointReference",
    };

    private static readonly HashSet<string> MicroTimes = new(StringComparer.Ordinal)
    {
        "V1LeaseSpec.acquireTime", "V1LeaseSpec.renewTime", "Corev1Event.eventTime", "Corev1EventSeries.lastObservedTime",
    };

    public static MergeRule Of(Type owner, string property, Type propertyType) =>
        Fields.GetValueOrDefault($"{owner.Name}.{property}")
        ?? (AtomicTypes.Contains(propertyType.Name) ? new MergeRule(IsAtomic: true) : MergeRule.None);

    public static bool IsAtomicType(Type type) => AtomicTypes.Contains(type.Name);

    public static bool IsMicroTime(Type owner, string property) => MicroTimes.Contains($"{owner.Name}.{property}");
}
