using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace Intercept.Testing.Xunit.Tests;

public sealed class OutputTests
{
    [Fact]
    public async Task The_steps_are_told_to_the_output_of_the_test_that_waits()
    {
        var output = new ListOutput();
        var fixture = new HopFixture();
        _ = await fixture.BeginTestAsync(output: output);
        await ((IAsyncLifetime)fixture).DisposeAsync();

        Assert.Equal("[intercept 00:01.234] proxy ready", Assert.Single(output.Lines));
    }

    [Fact]
    public void Without_a_test_the_steps_are_told_as_diagnostic_messages()
    {
        var sink = new ListSink();
        var output = new FixtureOutput(sink);
        var test = new ListOutput();
        using (output.TellTo(test))
        {
            output.Report(new InterceptStep(TimeSpan.Zero, "to the test"));
        }

        output.Report(new InterceptStep(TimeSpan.FromSeconds(61), "to the sink"));

        Assert.Equal("[intercept 00:00.000] to the test", Assert.Single(test.Lines));
        Assert.Equal("[intercept 01:01.000] to the sink", Assert.Single(sink.Messages));
    }

    private sealed class ListOutput : ITestOutputHelper
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public void WriteLine(string message) => Lines.Enqueue(message);

        public void WriteLine(string format, params object[] args) => throw new NotSupportedException();
    }

    private sealed class ListSink : LongLivedMarshalByRefObject, IMessageSink
    {
        public List<string> Messages { get; } = [];

        public bool OnMessage(IMessageSinkMessage message)
        {
            Messages.Add(Assert.IsAssignableFrom<IDiagnosticMessage>(message).Message);
            return true;
        }
    }
}
