using FsCheck;
using FsCheck.Fluent;
using Intercept.Engine.Hijacking;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Tests.Hijacking;

/// <summary>The law of the restore: what others did to the Service meanwhile is there afterwards, and nothing else.</summary>
public sealed class ThreeWayRestoreTests
{
    private static readonly InterceptNames Names = InterceptNames.For(ServiceReference.Parse("shop/leaf"));

    private static readonly string[] Keys = ["app", "tier", "version"];

    [Fact]
    public void Restore_after_edits_of_a_hijacked_service_equals_the_edits_alone()
    {
        var histories =
            from service in Services
            from edits in Gen.ListOf(Edits, 4)
            select (Service: service, Edits: edits);

        Prop.ForAll(
            histories.ToArbitrary(),
            history =>
            {
                var expected = Copy(history.Service);
                var live = Copy(history.Service);
                var record = Hijack(live);
                foreach (var edit in history.Edits)
                {
                    edit(expected);
                    edit(live);
                }

                Restore(live, record);
                return Same(expected, live);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void The_originals_selector_style_restores_untouched_services_exactly()
    {
        Prop.ForAll(
            Services.ToArbitrary(),
            service =>
            {
                var live = Copy(service);
                var record = Hijack(live, SelectorStyle.Original);
                Assert.NotEqual(service.Spec.Selector, live.Spec.Selector);
                Restore(live, record);
                return Same(service, live);
            }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void An_unchanged_apply_of_the_owners_manifest_over_the_overlay_is_a_clean_revert()
    {
        var service = Service(new Dictionary<string, string> { ["app"] = "leaf", ["tier"] = "back" }, [(80, "http")]);
        var live = Copy(service);
        var record = Hijack(live);

        // Client-side apply merges maps key by key.
        foreach (var (key, value) in service.Spec.Selector)
        {
            live.Spec.Selector[key] = value;
        }

        Assert.Equal(service.Spec.Selector, live.Spec.Selector);
        Restore(live, record);
        Assert.True(Same(service, live));
    }

    private static Gen<V1Service> Services =>
        from selector in Selectors
        from ports in Gen.Shuffle(new[] { 80, 443, 3010, 9090 })
        from count in Gen.Choose(1, 4)
        from targets in Gen.ArrayOf(Gen.Elements("http", "8080", "9000", "grpc"), 4)
        select Service(selector, [.. ports.Take(count).Zip(targets)]);

    private static Gen<Dictionary<string, string>> Selectors =>
        from values in Gen.ArrayOf(Gen.Elements("leaf", "back", "v1", "v2"), Keys.Length)
        from count in Gen.Choose(1, Keys.Length)
        select Keys.Take(count).Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);

    private static Gen<Action<V1Service>> Edits => Gen.OneOf(
        from key in Gen.Elements(Keys)
        from value in Gen.Elements("new", "other")
        select (Action<V1Service>)(service => service.Spec.Selector[key] = value),
        from index in Gen.Choose(0, 3)
        from target in Gen.Elements("7000", "admin")
        select (Action<V1Service>)(service =>
        {
            if (index < service.Spec.Ports.Count)
            {
                service.Spec.Ports[index].TargetPort = target;
            }
        }),
        from port in Gen.Choose(5000, 5003)
        select (Action<V1Service>)(service =>
        {
            if (service.Spec.Ports.All(existing => existing.Port != port))
            {
                service.Spec.Ports.Insert(0, new V1ServicePort { Port = port, Protocol = "TCP", TargetPort = "5000" });
            }
        }),
        from index in Gen.Choose(0, 3)
        select (Action<V1Service>)(service =>
        {
            if (service.Spec.Ports.Count > 1 && index < service.Spec.Ports.Count)
            {
                service.Spec.Ports.RemoveAt(index);
            }
        }));

    private static ServiceRecord Hijack(V1Service live, SelectorStyle style = SelectorStyle.Overlay)
    {
        var original = live.ToRouting();
        var hijack = HijackRouting.For(live, Names, style);
        live.Spec.Selector = hijack.Selector.ToDictionary();
        foreach (var port in live.Spec.Ports)
        {
            port.TargetPort = hijack.TargetOf(port.ToTarget());
        }

        return new ServiceRecord(ServiceRecord.CurrentVersion, hijack, original, []);
    }

    private static void Restore(V1Service live, ServiceRecord record)
    {
        live.Spec.Selector = ThreeWayRestore.Selector(live.ToRouting(), record);
        foreach (var (index, target) in ThreeWayRestore.Ports(live.ToRouting(), record).ToArray())
        {
            live.Spec.Ports[index].TargetPort = target;
        }
    }

    private static V1Service Service(Dictionary<string, string> selector, (int Port, string Target)[] ports) => new()
    {
        Metadata = new V1ObjectMeta { Name = "leaf", NamespaceProperty = "shop" },
        Spec = new V1ServiceSpec
        {
            Selector = selector,
            Ports = [.. ports.Select(port => new V1ServicePort { Port = port.Port, Protocol = "TCP", TargetPort = port.Target })],
        },
    };

    private static V1Service Copy(V1Service service) => Service(
        service.Spec.Selector.ToDictionary(),
        [.. service.Spec.Ports.Select(port => (port.Port, port.TargetPort.Value))]);

    private static bool Same(V1Service one, V1Service other) =>
        one.Spec.Selector.OrderBy(pair => pair.Key, StringComparer.Ordinal).SequenceEqual(other.Spec.Selector.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        && one.Spec.Ports.Select(LiveObjects.ToTarget).SequenceEqual(other.Spec.Ports.Select(LiveObjects.ToTarget));
}
