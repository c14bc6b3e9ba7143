using System.Net;
using k8s;
using k8s.Models;

namespace Intercept.Embedded.Tests.ApiServer;

public sealed class ObjectTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ConfigMap_is_created_read_updated_and_deleted()
    {
        await using var api = await TestApi.StartAsync();
        var created = await api.CreateConfigMapAsync("obj");
        Assert.NotNull(created.Uid());
        Assert.NotNull(created.CreationTimestamp());

        created.Data["a"] = "2";
        var updated = await api.Client.ReplaceNamespacedConfigMapAsync(created, "obj", TestApi.Space, cancellationToken: Token);
        Assert.NotEqual(created.ResourceVersion(), updated.ResourceVersion());
        Assert.Equal(created.Uid(), updated.Uid());

        var unchanged = await api.Client.ReplaceNamespacedConfigMapAsync(updated, "obj", TestApi.Space, cancellationToken: Token);
        Assert.Equal(updated.ResourceVersion(), unchanged.ResourceVersion());

        var status = await api.Client.DeleteNamespacedConfigMapAsync("obj", TestApi.Space, cancellationToken: Token);
        Assert.Equal("Success", status.Status);
        var gone = await TestApi.FailureAsync(() => api.Client.ReadNamespacedConfigMapAsync("obj", TestApi.Space, cancellationToken: Token), HttpStatusCode.NotFound);
        Assert.Equal("configmaps \"obj\" not found", gone.Message);
        Assert.Equal("NotFound", gone.Reason);
    }

    [Fact]
    public async Task A_taken_name_and_a_stale_version_are_told_apart()
    {
        await using var api = await TestApi.StartAsync();
        var first = await api.CreateConfigMapAsync("obj");
        var taken = await TestApi.FailureAsync(() => api.CreateConfigMapAsync("obj"), HttpStatusCode.Conflict);
        Assert.Equal("AlreadyExists", taken.Reason);
        Assert.Equal("configmaps \"obj\" already exists", taken.Message);

        first.Data["a"] = "2";
        await api.Client.ReplaceNamespacedConfigMapAsync(first, "obj", TestApi.Space, cancellationToken: Token);
        var stale = await TestApi.FailureAsync(() => api.Client.ReplaceNamespacedConfigMapAsync(first, "obj", TestApi.Space, cancellationToken: Token), HttpStatusCode.Conflict);
        Assert.Equal("Conflict", stale.Reason);
        Assert.Equal("Operation cannot be fulfilled on configmaps \"obj\": the object has been modified; please apply your changes to the latest version and try again", stale.Message);
    }
}
