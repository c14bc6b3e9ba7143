namespace Intercept.Teardown.Tests.BadInput;

/// <summary>The other tests here say that nothing was written; this one, that something would be.</summary>
public sealed class CannedApiTests
{
    [Fact]
    public async Task A_good_Service_comes_as_far_as_the_first_write()
    {
        using var api = new CannedApi();

        await api.OpenAsync();

        Assert.NotEmpty(api.Writes);
    }
}
