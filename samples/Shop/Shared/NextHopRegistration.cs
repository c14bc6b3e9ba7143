namespace Shop;

internal static class NextHopRegistration
{
    public static IServiceCollection AddNextHop(this IServiceCollection services, string address, bool keepAlive)
    {
        services.AddHttpClient<NextHop>(client =>
        {
            client.BaseAddress = new Uri(address);
            client.DefaultRequestHeaders.ConnectionClose = !keepAlive;
        });
        return services;
    }
}
