using Intercept.Testing.Xunit.Tests;

namespace Intercept.Testing.XunitV3.Tests;

public sealed class OutputTests
{
    [Fact]
    public async Task The_steps_are_told_to_the_running_tests_output()
    {
        var fixture = new HopFixture();
        _ = await fixture.BeginTestAsync(cancellationToken: TestContext.Current.CancellationToken);
        await ((IAsyncDisposable)fixture).DisposeAsync();

        Assert.Equal("[intercept 00:01.234] proxy ready", TestContext.Current.TestOutputHelper!.Output.Trim());
    }
}
