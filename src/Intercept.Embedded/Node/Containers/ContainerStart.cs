using System.Reflection;

namespace Intercept.Embedded.Node.Containers;

/// <summary>What there is to run in a container, and how.</summary>
/// <param name="EntryPoint">Main or the top-level statements.</param>
/// <param name="Arguments">The command line: first the environment, in a form that the configuration understands, then the container's own.</param>
/// <param name="Configuration">The environment of the pod spec as configuration keys, for programs that do not pass their arguments on.</param>
internal sealed record ContainerStart(MethodInfo EntryPoint, string[] Arguments, IReadOnlyDictionary<string, string> Configuration);

/// <summary>How a container came to its end.</summary>
internal sealed record ContainerExit(int Code, Exception? Error);
