using Intercept.Engine.Hijacking;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Tests.Records;

public sealed class ServiceRecordTests
{
    private static readonly ServiceRouting Routing = new(
        new Dictionary<string, string> { ["app"] = "leaf" }, [new PortTarget(3010, "TCP", "http")]);

    [Fact]
    public void What_was_written_is_read_again()
    {
        var record = new ServiceRecord(ServiceRecord.CurrentVersion, Routing, Routing, [new Participant("intercept-shop-leaf", "uid-1")]);

        var read = Annotated(record.ToJson()).ReadRecord();

        Assert.NotNull(read);
        Assert.Equal(record.ToJson(), read.ToJson());
        Assert.Contains(new Participant("intercept-shop-leaf", "uid-1"), read.Participants);
    }

    [Fact]
    public void A_service_without_annotation_has_no_record() => Assert.Null(Annotated(null).ReadRecord());

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"version\":99,\"hijack\":null,\"original\":null,\"participants\":[]}")]
    [InlineData("{\"version\":1,\"version\":1}")]
    public void A_record_that_is_not_ours_to_read_is_an_error_never_a_guess(string text)
    {
        var exception = Assert.Throws<InterceptException>(() => Annotated(text).ReadRecord());

        Assert.Contains("Nothing was changed", exception.Message, StringComparison.Ordinal);
        Assert.Contains("shop/leaf", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_participants_are_refused_with_the_way_out()
    {
        var many = Enumerable.Range(0, 500).Select(number => new Participant($"intercept-shop-leaf-{number:x8}", Guid.NewGuid().ToString())).ToArray();
        var record = new ServiceRecord(ServiceRecord.CurrentVersion, Routing, Routing, many);

        var exception = Assert.Throws<InterceptException>(() => RecordSize.Check(record));

        Assert.Contains("BeginTestAsync", exception.Message, StringComparison.Ordinal);
    }

    private static V1Service Annotated(string? record) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "leaf",
            NamespaceProperty = "shop",
            Annotations = record is null ? null : new Dictionary<string, string> { [Labels.Record] = record },
        },
    };
}
