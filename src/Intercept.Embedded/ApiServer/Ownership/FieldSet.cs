using System.Text.Json.Nodes;

namespace Intercept.Embedded.ApiServer.Ownership;

/// <summary>
/// A set of fields as <c>fieldsV1</c> writes it: a tree whose steps are <c>f:name</c>, <c>k:{…}</c> (item of a list by key)
/// and <c>v:…</c> (value of a set); a node may itself belong to the set, beside what is below it.
/// </summary>
internal sealed class FieldSet
{
    private readonly SortedDictionary<string, FieldSet> _children = new(StringComparer.Ordinal);

    /// <summary>The node itself belongs to the set.</summary>
    public bool IsMember { get; set; }

    public bool IsEmpty => !IsMember && _children.Count == 0;

    public IEnumerable<KeyValuePair<string, FieldSet>> Children => _children;

    public static FieldSet Parse(JsonObject? json)
    {
        var set = new FieldSet();
        foreach (var (step, below) in json ?? [])
        {
            if (step == ".")
            {
                set.IsMember = true;
                continue;
            }

            var child = Parse(below as JsonObject);
            child.IsMember |= child._children.Count == 0;
            set._children[step] = child;
        }

        return set;
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (IsMember && _children.Count > 0)
        {
            json["."] = new JsonObject();
        }

        foreach (var (step, child) in _children)
        {
            json[step] = child.ToJson();
        }

        return json;
    }

    public FieldSet? Find(string step) => _children.GetValueOrDefault(step);

    public FieldSet At(string step)
    {
        if (!_children.TryGetValue(step, out var child))
        {
            _children[step] = child = new FieldSet();
        }

        return child;
    }

    public void Remove(string step) => _children.Remove(step);

    public FieldSet Clone() => new FieldSet().Add(this);

    /// <summary>Adds all of another set to this one.</summary>
    public FieldSet Add(FieldSet other)
    {
        IsMember |= other.IsMember;
        foreach (var (step, child) in other._children)
        {
            At(step).Add(child);
        }

        return this;
    }

    /// <summary>Takes the members of another set away; nodes that are left empty go.</summary>
    public FieldSet Subtract(FieldSet other)
    {
        IsMember &= !other.IsMember;
        foreach (var (step, child) in other._children)
        {
            if (_children.TryGetValue(step, out var mine) && mine.Subtract(child).IsEmpty)
            {
                _children.Remove(step);
            }
        }

        return this;
    }

    /// <summary>Takes everything away that stands at or below a member of another set.</summary>
    public FieldSet SubtractRecursively(FieldSet other)
    {
        foreach (var (step, child) in other._children)
        {
            if (!_children.TryGetValue(step, out var mine))
            {
                continue;
            }

            if (child.IsMember || mine.SubtractRecursively(child).IsEmpty)
            {
                _children.Remove(step);
            }
        }

        return this;
    }

    public FieldSet Intersect(FieldSet other)
    {
        var common = new FieldSet { IsMember = IsMember && other.IsMember };
        foreach (var (step, child) in _children)
        {
            if (other._children.TryGetValue(step, out var theirs) && child.Intersect(theirs) is { IsEmpty: false } below)
            {
                common._children[step] = below;
            }
        }

        return common;
    }

    /// <summary>The members as paths, as conflicts name them: <c>.spec.ports[port=80,protocol="TCP"].name</c>.</summary>
    public IEnumerable<string> Paths(string prefix = "")
    {
        if (IsMember && prefix.Length > 0)
        {
            yield return prefix;
        }

        foreach (var (step, child) in _children)
        {
            foreach (var path in child.Paths(prefix + Show(step)))
            {
                yield return path;
            }
        }
    }

    private static string Show(string step)
    {
        var rest = step[2..];
        switch (step[0])
        {
            case 'f':
                return $".{rest}";
            case 'k':
                var keys = JsonNode.Parse(rest)!.AsObject().Select(pair => $"{pair.Key}={pair.Value?.ToJsonString(ApiJson.Options)}");
                return $"[{string.Join(",", keys)}]";
            default:
                return $"[={rest}]";
        }
    }
}
