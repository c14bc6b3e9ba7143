using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Admission;

/// <summary>Every pod runs as a ServiceAccount that exists, and finds its token where in-cluster clients look for it.</summary>
internal sealed class ServiceAccountAdmission(Func<ResourceTable> accounts)
{
    private const string TokenPath = "/var/run/secrets/kubernetes.io/serviceaccount";

    public void Admit(JsonObject pod, RequestScope scope)
    {
        var spec = pod.Ensure("spec");
        var name = spec.Text("serviceAccountName") is { Length: > 0 } named ? named : "default";
        spec["serviceAccountName"] = name;
        spec["serviceAccount"] = name;
        var account = accounts().Find(scope.Namespace, name)?.ToJson() ?? throw ApiFailure.Forbidden(
            scope.Resource,
            pod.Name(),
            $"error looking up service account {scope.Namespace}/{name}: serviceaccount \"{name}\" not found");
        if ((spec.Flag("automountServiceAccountToken") ?? account.Flag("automountServiceAccountToken") ?? true) is false)
        {
            return;
        }

        var lacking = spec.Objects("containers").Concat(spec.Objects("initContainers"))
            .Where(container => container.Objects("volumeMounts").All(mount => mount.Text("mountPath") != TokenPath))
            .ToList();
        if (lacking.Count == 0)
        {
            return;
        }

        var volume = $"kube-api-access-{ObjectMetadata.RandomSuffix()}";
        Append(spec, "volumes", TokenVolume(volume));
        foreach (var container in lacking)
        {
            Append(container, "volumeMounts", new JsonObject { ["name"] = volume, ["readOnly"] = true, ["mountPath"] = TokenPath });
        }
    }

    private static void Append(JsonObject json, string list, JsonObject item)
    {
        if (json.Array(list) is { } there)
        {
            there.Add((JsonNode)item);
        }
        else
        {
            json[list] = new JsonArray(item);
        }
    }

    private static JsonObject TokenVolume(string name) => new()
    {
        ["name"] = name,
        ["projected"] = new JsonObject
        {
            ["sources"] = new JsonArray(
                new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = 3607, ["path"] = "token" } },
                new JsonObject
                {
                    ["configMap"] = new JsonObject
                    {
                        ["name"] = "kube-root-ca.crt",
                        ["items"] = new JsonArray(new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" }),
                    },
                },
                new JsonObject
                {
                    ["downwardAPI"] = new JsonObject
                    {
                        ["items"] = new JsonArray(new JsonObject
                        {
                            ["path"] = "namespace",
                            ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" },
                        }),
                    },
                }),
            ["defaultMode"] = 420,
        },
    };
}
