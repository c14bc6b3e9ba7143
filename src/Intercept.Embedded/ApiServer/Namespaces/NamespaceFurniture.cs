using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Resources;

namespace Intercept.Embedded.ApiServer.Namespaces;

/// <summary>What every namespace has from the start: the ServiceAccount <c>default</c> and the root certificate.</summary>
internal sealed class NamespaceFurniture(ResourceCatalog catalog, ObjectRegistry registry)
{
    private const string Manager = "kube-controller-manager";

    public void Create(string name) => registry.Create(
        new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } },
        new RequestScope(catalog.Get("", "namespaces"), null, "kube-apiserver"));

    public void Furnish(string name)
    {
        registry.Create(
            new JsonObject { ["metadata"] = new JsonObject { ["name"] = "default" } },
            new RequestScope(catalog.Get("", "serviceaccounts"), name, Manager));
        registry.Create(
            new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["name"] = "kube-root-ca.crt",
                    ["annotations"] = new JsonObject
                    {
                        ["kubernetes.io/description"] = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
                    },
                },
                // The embedded API speaks plain HTTP on loopback: there is no certificate to verify, only the place where it would be.
                ["data"] = new JsonObject { ["ca.crt"] = "" },
            },
            new RequestScope(catalog.Get("", "configmaps"), name, Manager));
    }
}
