using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Resources;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Registry;

/// <summary>Nothing is created in a namespace that is not there or is on its way out.</summary>
internal sealed class NamespaceGate(ResourceTable namespaces)
{
    public void RequireOpen(ResourceDefinition resource, string? namespaceName, string objectName)
    {
        if (namespaceName is null)
        {
            return;
        }

        var found = namespaces.Find(null, namespaceName) ?? throw ApiFailure.NotFound(namespaces.Resource, namespaceName);
        if (found.IsTerminating)
        {
            throw ApiFailure.NamespaceTerminating(resource, objectName, namespaceName);
        }
    }
}
