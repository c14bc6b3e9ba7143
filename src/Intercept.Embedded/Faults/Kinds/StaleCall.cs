using Intercept.Embedded.ApiServer.Http;

namespace Intercept.Embedded.Faults.Kinds;

internal sealed record StaleCall(int Changes, ApiMoment? Moment) : ApiFault
{
    internal override bool Concerns(ApiCall call) => call.Verb is "get" or "list" && call.Resource is not null && !call.IsStream;

    internal override Task ApplyAsync(FaultedCall call)
    {
        call.Context.Features.Set<StaleRead>((resource, table) => Moment?.Of(table) ?? table.Back(
            Changes,
            change => (resource.Namespace is null || change.Object.Namespace == resource.Namespace)
                && (resource.Path.Name is null || change.Object.Name == resource.Path.Name)));
        call.Hit();
        return call.GoOnAsync();
    }
}
