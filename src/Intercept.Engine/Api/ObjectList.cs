using System.Text.Json;
using k8s.Models;

namespace Intercept.Engine.Api;

/// <summary>A list of objects of any kind, as the API answers it.</summary>
internal sealed record ObjectList<T>(V1ListMeta Metadata, IReadOnlyList<T> Items);

/// <summary>One line of a watch.</summary>
internal sealed record WatchLine(string Type, JsonElement Object);
