namespace Intercept.Engine;

/// <summary>Where a test's requests enter the cluster.</summary>
/// <param name="Service">The Service that takes them.</param>
/// <param name="Port">Its port.</param>
/// <param name="Path">A path that leads, over the hops in between, to the intercepted Service; asked with GET.</param>
internal sealed record EntryPoint(ServiceReference Service, int Port, string Path)
{
    /// <summary>The address as the handler of <see cref="InterceptEngine.CreateServiceHandler"/> wants it.</summary>
    public Uri Address => new($"http://{Service.Name}.{Service.Namespace}:{Port}");
}
