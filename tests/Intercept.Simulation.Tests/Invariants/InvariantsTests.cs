using System.Text;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Schemas;
using Intercept.Simulation.Tests.Actors;
using Intercept.Simulation.Tests.Cluster;
using Intercept.Simulation.Tests.Network;

namespace Intercept.Simulation.Tests.Invariants;

/// <summary>A check that can't fail checks nothing: each invariant is broken on purpose, and must be seen.</summary>
public sealed class InvariantsTests
{
    private readonly World _world = new(seed: 3, new ModelSchemas(), new Landscape());

    private readonly EngineProcess _engine;

    public InvariantsTests()
    {
        _engine = new EngineProcess(_world, "engine", NoFaults.Instance);
        _engine.Start(TimeSpan.Zero, TimeSpan.FromHours(1), "value");
        _world.Scheduler.RunUntil(() => _engine.HasOpened, TimeSpan.FromMinutes(1));
        _world.Settle();
        Assert.True(_engine.HasOpened, _engine.Result);
        Assert.Empty(_world.Violations);
    }

    [Fact]
    public void I1_a_hijacked_Service_without_a_record()
    {
        ChangeService(service => service.Metadata().Object("annotations")!.Remove(Marks.Record));
        AssertBroken("I1");
    }

    [Fact]
    public void I2_a_hijacked_Service_without_a_proxy()
    {
        Delete("apps", "deployments", Marks.Interceptor);
        AssertBroken("I2");
    }

    [Fact]
    public void I2_a_participant_that_does_not_claim_the_decoy()
    {
        Change("", "services", Marks.Decoy, decoy => decoy.Metadata().Object("annotations")![Marks.Claims] = "[]");
        AssertBroken("I2");
    }

    [Fact]
    public void I3_a_decoy_that_goes_while_slices_name_the_proxy()
    {
        Delete("", "services", Marks.Decoy);
        AssertBroken("I3");
    }

    [Fact]
    public void I4_a_record_without_participants()
    {
        ChangeRecord(record => record["participants"] = new JsonArray());
        AssertBroken("I4");
    }

    [Fact]
    public void I5_a_Service_of_another_type()
    {
        ChangeService(service => service.Object("spec")!["type"] = "NodePort");
        AssertBroken("I5");
    }

    [Fact]
    public void F1_a_Service_that_is_not_as_it_was()
    {
        Close();
        ChangeService(service => service.Object("spec")!.Object("selector")!["app"] = "other");
        RestInvariants.Check(_world);
        AssertBroken("F1");
    }

    [Theory]
    [InlineData("", "configmaps", """{"metadata":{"name":"interceptor-leaf","namespace":"shop","labels":{"app.kubernetes.io/managed-by":"intercept"}}}""")]
    [InlineData("", "pods", """{"metadata":{"name":"x","namespace":"shop","labels":{"system.codezero.io/session":"1"}},"status":{"podIP":"10.244.9.9"}}""")]
    [InlineData("", "services", """{"metadata":{"name":"x","namespace":"shop","annotations":{"system.codezero.io/claims":"[]"}},"spec":{}}""")]
    public void F2_something_that_is_left(string group, string plural, string json)
    {
        Close();
        RestInvariants.Check(_world);
        Assert.Empty(_world.Violations);
        _world.Cluster.Put(group, plural, ApiJson.ParseObject(Encoding.UTF8.GetBytes(json)));
        RestInvariants.Check(_world);
        AssertBroken("F2");
    }

    [Fact]
    public void F2_a_Session_that_is_left_by_a_process_that_dies()
    {
        _engine.Actor.Kill();
        RestInvariants.Check(_world);
        AssertBroken("F2");
    }

    [Fact]
    public void F3_a_living_participant_that_is_taken_off()
    {
        var other = new EngineProcess(_world, "other", NoFaults.Instance);
        other.Start(TimeSpan.Zero, TimeSpan.FromHours(1), "another");
        _world.Scheduler.RunUntil(() => other.HasOpened, TimeSpan.FromHours(1));
        ChangeRecord(record => record.Array("participants")!.RemoveAt(0));
        AssertBroken("F3");
    }

    [Fact]
    public void F3_a_living_participant_whose_Session_another_one_marks()
    {
        var sessions = _world.Cluster.Sessions!;
        var session = sessions.Objects.In(World.Namespace).Single();
        var json = session.ToJson();
        json.Ensure("status")["phase"] = "Closing";
        _world.Write("another", () => _world.Cluster.Store.TryPut(sessions, session, json));
        AssertBroken("F3");
    }

    [Fact]
    public void F1_a_Service_of_whose_fields_we_are_an_owner()
    {
        Close();
        ChangeService(service => service.Metadata().Array("managedFields")![0]!["manager"] = Marks.Manager);
        RestInvariants.Check(_world);
        AssertBroken("F1");
    }

    [Fact]
    public void F4_a_selector_of_ours_without_a_record()
    {
        ChangeService(service => service.Metadata().Object("annotations")!.Remove(Marks.Record));
        RestInvariants.Check(_world);
        AssertBroken("F4");
    }

    [Theory]
    [InlineData("DELETE", "application/json", """{"preconditions":{"uid":"1"}}""")]
    [InlineData("DELETE", null, "")]
    [InlineData("PATCH", "application/json-patch+json", """[{"op":"test","path":"/metadata/uid","value":"1"},{"op":"replace","path":"/spec/selector","value":{}}]""")]
    [InlineData("PATCH", "application/merge-patch+json", """{"metadata":{"resourceVersion":"1"}}""")]
    [InlineData("PUT", "application/json", """{"metadata":{"resourceVersion":"1"}}""")]
    public void R2_a_write_without_its_guards(string method, string? contentType, string body) =>
        Assert.NotNull(GuardCheck.Find(new ApiRequest(method, "/api/v1/namespaces/shop/services/leaf", "", "", contentType, Encoding.UTF8.GetBytes(body))));

    [Fact]
    public void HONEST_an_engine_that_says_it_closed_and_has_not()
    {
        Traces.Forbid(_world, "engine");
        AssertBroken("HONEST");
    }

    private void Close()
    {
        _world.Scheduler.RunUntil(() => _engine.Actor.HasEnded, TimeSpan.FromHours(2));
        _world.Settle();
        Assert.True(_engine.HasClosed, _engine.Result);
    }

    private void AssertBroken(string invariant) =>
        Assert.Contains(_world.Violations, violation => violation.StartsWith(invariant, StringComparison.Ordinal));

    private void ChangeRecord(Action<JsonObject> change) => ChangeService(service =>
    {
        var record = (JsonObject)JsonNode.Parse(Marks.Annotation(service, Marks.Record)!)!;
        change(record);
        service.Metadata().Object("annotations")![Marks.Record] = record.ToJsonString();
    });

    private void ChangeService(Action<JsonObject> change) => Change("", "services", World.ServiceName, change);

    private void Change(string group, string plural, string name, Action<JsonObject> change)
    {
        var table = _world.Cluster.Table(group, plural);
        _world.Cluster.Registry.Change(name, new RequestScope(table.Resource, World.Namespace, "test"), (current, _) =>
        {
            change(current);
            return current;
        });
    }

    private void Delete(string group, string plural, string name)
    {
        var table = _world.Cluster.Table(group, plural);
        _world.Cluster.Deletion.Delete(table.Resource, World.Namespace, name, new DeleteRequest());
    }
}
