namespace Intercept;

/// <summary>Defaults that an author may want to name.</summary>
public static class InterceptDefaults
{
    /// <summary>A stock ASP.NET Core runtime image: the proxy's own files travel in a ConfigMap.</summary>
    public const string ProxyImage = "mcr.microsoft.com/dotnet/aspnet:10.0";
}
