namespace Shop.Demo;

/// <summary>What the command line asks for.</summary>
internal sealed record DemoOptions
{
    public const string Help = """
        Intercepts the Shop's Leaf in a cluster, for two headers at once, and shows what happens.

        Usage: dotnet run --project samples/Shop/Shop.Demo [-- OPTIONS]

          --cluster embedded               a Kubernetes in this process (the default)
          --cluster kubeconfig[:CONTEXT]   the cluster of a kubeconfig context; the Shop must run there: kubectl apply -f samples/Shop/k8s
          --hold                           keep the intercept open until Enter, to look around or to kill this process
          --plain                          no colours, no box drawing; also when NO_COLOR is set or the output goes to a file
          --help                           this text

        Exit code 0: all was as expected, and the cluster is as it was before. 1: something was not; the last lines say what. 2: a mistake in the options.
        """;

    public bool Hold { get; init; }

    public bool Plain { get; init; }

    public bool ShowHelp { get; init; }

    /// <summary>Whether the cluster is a real one, of a kubeconfig.</summary>
    public bool Kubeconfig { get; init; }

    public string? Context { get; init; }

    /// <exception cref="FormatException">An option is unknown or incomplete.</exception>
    public static DemoOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new DemoOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i].Split('=', 2)[0];
            options = name switch
            {
                "--hold" => options with { Hold = true },
                "--plain" => options with { Plain = true },
                "--help" or "-h" or "-?" => options with { ShowHelp = true },
                "--cluster" when arguments[i].Length > name.Length => options.On(arguments[i][(name.Length + 1)..]),
                "--cluster" when i + 1 < arguments.Count => options.On(arguments[++i]),
                "--cluster" => throw new FormatException("--cluster needs a value: embedded, kubeconfig or kubeconfig:CONTEXT."),
                _ => throw new FormatException($"Unknown option '{arguments[i]}'. Try --help."),
            };
        }

        return options;
    }

    private DemoOptions On(string cluster) => cluster.Split(':', 2) switch
    {
        ["embedded"] => this with { Kubeconfig = false, Context = null },
        ["kubeconfig"] => this with { Kubeconfig = true, Context = null },
        ["kubeconfig", { Length: > 0 } context] => this with { Kubeconfig = true, Context = context },
        _ => throw new FormatException($"'{cluster}' is no cluster: write embedded, kubeconfig or kubeconfig:CONTEXT."),
    };
}
