using System.Text.Json.Nodes;
using Intercept.Engine.Api;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Residue;

/// <summary>Leads the decoy where the original Service would lead, after somebody changed that during an intercept.</summary>
internal static class DecoyUpdate
{
    /// <summary>Patches the decoy where its selector or a target port differs; nothing where it is gone.</summary>
    public static async Task FollowAsync(ServiceScope scope, ServiceRouting original, CancellationToken cancellationToken)
    {
        while (await scope.Api.FindAsync<V1Service>(scope.Service.Namespace, scope.Names.Decoy, cancellationToken) is { } decoy
            && Patch(decoy, original) is { } patch)
        {
            try
            {
                await scope.Api.PatchAsync<V1Service>(scope.Service.Namespace, scope.Names.Decoy, patch, cancellationToken);
                return;
            }
            catch (ApiException exception) when (exception.IsConflict || exception.IsNotFound)
            {
                // It changed since it was read, or it has just been deleted: look again.
            }
        }
    }

    private static JsonPatch? Patch(V1Service decoy, ServiceRouting original)
    {
        var live = decoy.ToRouting();
        var patch = JsonPatch.For(decoy.ToLive());
        var changed = false;
        if (!original.SelectsAs(live.Selector))
        {
            patch.Replace("/spec/selector", original.Selector);
            changed = true;
        }

        foreach (var port in original.Ports.Where(port => live.TargetOf(port) != port.TargetPort))
        {
            var index = live.Ports.ToList().FindIndex(port.IsFor);
            changed = true;
            if (index >= 0)
            {
                patch.Replace($"/spec/ports/{index}/targetPort", Target(port));
            }
            else
            {
                patch.Add("/spec/ports/-", new JsonObject
                {
                    ["name"] = $"port-{port.Port}",
                    ["port"] = port.Port,
                    ["protocol"] = port.Protocol,
                    ["targetPort"] = Target(port),
                });
            }
        }

        return changed ? patch : null;
    }

    private static JsonValue Target(PortTarget port) =>
        int.TryParse(port.TargetPort, out var number) ? JsonValue.Create(number) : JsonValue.Create(port.TargetPort);
}
