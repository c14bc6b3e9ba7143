using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization;
using k8s.Models;

namespace Intercept.Embedded.ApiServer.Schemas;

/// <summary>The schemas of the built-in kinds, read off KubernetesClient's models the first time that each is met.</summary>
internal sealed class ModelSchemas
{
    private readonly ConcurrentDictionary<Type, Lazy<IReadOnlyDictionary<string, FieldSchema>>> _properties = new();

    public FieldSchema Of(Type model) => Build(model, null, MergeRule.None, false);

    private FieldSchema Build(Type type, Type? owner, MergeRule rule, bool microTime)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (Simple(plain, microTime) is { } simple)
        {
            return new FieldSchema(simple.Shape, simple.GoType, rule);
        }

        if (plain == typeof(object))
        {
            return new FieldSchema(FieldShape.Any, "interface {}", new MergeRule(IsAtomic: true), preservesUnknown: true);
        }

        if (plain.IsGenericType)
        {
            var arguments = plain.GetGenericArguments();
            var item = Build(arguments[^1], owner, BuiltInMergeRules.IsAtomicType(arguments[^1]) ? new MergeRule(IsAtomic: true) : MergeRule.None, false);
            return arguments.Length == 2
                ? new FieldSchema(FieldShape.Map, $"map[string]{item.TypeName}", rule, items: item)
                : new FieldSchema(FieldShape.List, $"[]{item.TypeName}", rule, items: item);
        }

        return new FieldSchema(FieldShape.Object, GoName(plain), rule, PropertiesOf(plain));
    }

    private Lazy<IReadOnlyDictionary<string, FieldSchema>> PropertiesOf(Type model) =>
        _properties.GetOrAdd(model, type => new(() => ReadProperties(type)));

    private Dictionary<string, FieldSchema> ReadProperties(Type model)
    {
        var properties = new Dictionary<string, FieldSchema>(StringComparer.Ordinal);
        foreach (var property in model.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name is { } name)
            {
                var rule = BuiltInMergeRules.Of(model, name, property.PropertyType);
                properties[name] = Build(property.PropertyType, model, rule, BuiltInMergeRules.IsMicroTime(model, name));
            }
        }

        return properties;
    }

    private static (FieldShape Shape, string GoType)? Simple(Type type, bool microTime)
    {
        if (type == typeof(string))
        {
            return (FieldShape.Text, "string");
        }

        if (type == typeof(int) || type == typeof(long))
        {
            return (FieldShape.Integer, type == typeof(int) ? "int32" : "int64");
        }

        if (type == typeof(bool))
        {
            return (FieldShape.Flag, "bool");
        }

        if (type == typeof(double))
        {
            return (FieldShape.Number, "float64");
        }

        if (type == typeof(DateTime))
        {
            return (microTime ? FieldShape.MicroTime : FieldShape.Time, "string");
        }

        if (type == typeof(IntOrString))
        {
            return (FieldShape.IntegerOrText, "intstr.IntOrString");
        }

        if (type == typeof(ResourceQuantity))
        {
            return (FieldShape.Quantity, "resource.Quantity");
        }

        return type == typeof(byte[]) ? (FieldShape.Bytes, "[]uint8") : null;
    }

    private static string GoName(Type model)
    {
        var name = model.Name;
        var version = name.IndexOf("V1", StringComparison.Ordinal) is >= 0 and var at ? at + 2 : 0;
        return version < name.Length ? $"v1.{name[version..]}" : name;
    }
}
