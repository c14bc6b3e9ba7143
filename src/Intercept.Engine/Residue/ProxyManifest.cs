using System.Text.Json;
using Intercept.Proxy;
using Intercept.Proxy.Configuration;
using Intercept.Proxy.Contract;
using Intercept.Proxy.Protocol;
using Intercept.Proxy.Reaping;
using k8s.Models;

namespace Intercept.Engine.Residue;

/// <summary>
/// The proxy's ConfigMap, which carries its program and configuration, and its Deployment on a stock ASP.NET Core image. The
/// pod meets the restricted Pod Security profile.
/// </summary>
internal static class ProxyManifest
{
    private const string MountPath = "/intercept";
    private const string VolumeName = "intercept";
    private const string TokenPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const int UserId = 1654; // "app" in Microsoft's images

    public static V1ConfigMap ConfigMap(V1Service service, InterceptNames names, IReadOnlyDictionary<string, byte[]> program)
    {
        var configuration = new ProxyConfiguration
        {
            Contract = ContractVersion.Current,
            Service = $"{service.Metadata.NamespaceProperty}/{service.Metadata.Name}",
            DecoyHost = $"{names.Decoy}.{service.Metadata.NamespaceProperty}.svc",
            Ports = ProxyPorts.Of(service),
            Reaper = new ReaperConfiguration
            {
                Namespace = service.Metadata.NamespaceProperty,
                Service = service.Metadata.Name,
                ServiceUid = service.Metadata.Uid,
                Interceptor = names.Interceptor,
                Decoy = names.Decoy,
            },
        };
        return new V1ConfigMap
        {
            Metadata = OwnedMetadata.For(service),
            BinaryData = program.ToDictionary(),
            Data = new Dictionary<string, string>
            {
                [ProxyConfiguration.FileName] = JsonSerializer.Serialize(configuration, ContractJson.ProxyConfiguration),
            },
        };
    }

    public static V1Deployment Deployment(V1Service service, InterceptNames names, ServiceRouting hijack, string image, bool hasAccount)
    {
        // Always the session's hash, whatever the Service's selector is: the Deployment must never adopt other pods.
        var own = new Dictionary<string, string> { [Labels.Session] = names.SessionHash };
        var podLabels = OwnedMetadata.LabelsFor(service.Metadata.Name);
        podLabels[Labels.App] = Labels.InterceptorApp;
        foreach (var (key, value) in own.Concat(hijack.Selector))
        {
            podLabels[key] = value;
        }

        return new V1Deployment
        {
            Metadata = OwnedMetadata.For(service),
            Spec = new V1DeploymentSpec
            {
                Replicas = 1,
                Selector = new V1LabelSelector { MatchLabels = own },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = podLabels },
                    Spec = PodSpec(service, names.Interceptor, image, hasAccount),
                },
            },
        };
    }

    private static V1PodSpec PodSpec(V1Service service, string name, string image, bool hasAccount) => new()
    {
        AutomountServiceAccountToken = hasAccount,
        ServiceAccountName = hasAccount ? name : null,
        EnableServiceLinks = false,
        TerminationGracePeriodSeconds = 15,
        SecurityContext = new V1PodSecurityContext
        {
            RunAsNonRoot = true,
            RunAsUser = UserId,
            SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
            // One of the safe sysctls of the restricted profile: port 80 without a capability.
            Sysctls = [new V1Sysctl { Name = "net.ipv4.ip_unprivileged_port_start", Value = "0" }],
        },
        Containers =
        [
            new V1Container
            {
                Name = "proxy",
                Image = image,
                ImagePullPolicy = "IfNotPresent",
                Command = ["dotnet", $"{MountPath}/{ProxyPayload.EntryPoint}"],
                Args = [$"--config={MountPath}/{ProxyConfiguration.FileName}", .. hasAccount ? (string[])[$"--{ApiAccess.Option}={TokenPath}"] : []],
                WorkingDir = MountPath,
                Env =
                [
                    new V1EnvVar { Name = "DOTNET_EnableDiagnostics", Value = "0" },
                    new V1EnvVar { Name = "POD_NAME", ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { FieldPath = "metadata.name" } } },
                ],
                Ports = [.. ProxyPorts.Of(service).Select(port => new V1ContainerPort { ContainerPort = port.ListenPort })],
                ReadinessProbe = HealthProbe("/readyz", period: 1),
                LivenessProbe = HealthProbe("/healthz", period: 10),
                Resources = new V1ResourceRequirements
                {
                    Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("50m"), ["memory"] = new("96Mi") },
                    Limits = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("1"), ["memory"] = new("256Mi") },
                },
                SecurityContext = new V1SecurityContext
                {
                    AllowPrivilegeEscalation = false,
                    ReadOnlyRootFilesystem = true,
                    Capabilities = new V1Capabilities { Drop = ["ALL"] },
                },
                VolumeMounts = [new V1VolumeMount { Name = VolumeName, MountPath = MountPath, ReadOnlyProperty = true }],
            },
        ],
        Volumes = [new V1Volume { Name = VolumeName, ConfigMap = new V1ConfigMapVolumeSource { Name = name } }],
    };

    private static V1Probe HealthProbe(string path, int period) => new()
    {
        HttpGet = new V1HTTPGetAction { Path = path, Port = ProxyConfiguration.DefaultHealthPort },
        PeriodSeconds = period,
        FailureThreshold = 3,
        TimeoutSeconds = 2,
    };
}
