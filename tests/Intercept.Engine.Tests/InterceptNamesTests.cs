namespace Intercept.Engine.Tests;

public sealed class InterceptNamesTests
{
    [Fact]
    public void Names_are_those_of_the_original()
    {
        var names = InterceptNames.For(ServiceReference.Parse("sample-project/sample-project-server"));

        Assert.Equal("intercept-sample-project-sample-project-server", names.Session);
        Assert.Equal("interceptor-sample-project-server", names.Interceptor);
        Assert.Equal("interceptor-sample-project-server-decoy", names.Decoy);
        Assert.Matches("^[0-9a-f]{40}$", names.SessionHash);
    }

    [Fact]
    public void Long_names_are_cut_to_63_and_stay_different()
    {
        var one = InterceptNames.For(ServiceReference.Parse($"shop/{new string('a', 62)}1"));
        var other = InterceptNames.For(ServiceReference.Parse($"shop/{new string('a', 62)}2"));

        foreach (var name in (string[])[one.Session, one.Interceptor, one.Decoy, one.SessionFor("0123456789abcdef")])
        {
            Assert.InRange(name.Length, 1, 63);
            Assert.Matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", name);
        }

        Assert.NotEqual(one.Interceptor, other.Interceptor);
        Assert.NotEqual(one.Decoy, one.Interceptor);
        Assert.NotEqual(one.Session, one.SessionFor("0123456789abcdef"));
    }
}
