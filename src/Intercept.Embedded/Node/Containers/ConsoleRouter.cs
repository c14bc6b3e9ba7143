using System.Text;

namespace Intercept.Embedded.Node.Containers;

/// <summary>Takes what a container writes to the console to its pod's log; everyone else's goes where it always went.</summary>
/// <remarks>
/// The console is one for the whole process, so this is installed once, with the first cluster, and stays: taking it away
/// could take away what others have put around it since.
/// </remarks>
internal sealed class ConsoleRouter : TextWriter
{
    private static readonly Lock Installing = new();
    private static TextWriter? _out;
    private static TextWriter? _error;

    private readonly TextWriter _process;

    private ConsoleRouter(TextWriter process) => _process = process;

    public override Encoding Encoding => _process.Encoding;

    public static void Install()
    {
        lock (Installing)
        {
            if (!ReferenceEquals(Console.Out, _out))
            {
                Console.SetOut(new ConsoleRouter(Console.Out));
                _out = Console.Out;
            }

            if (!ReferenceEquals(Console.Error, _error))
            {
                Console.SetError(new ConsoleRouter(Console.Error));
                _error = Console.Error;
            }
        }
    }

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (ContainerRun.Current is { } run)
        {
            run.Log.WritePart(buffer);
        }
        else
        {
            _process.Write(buffer);
        }
    }

    public override void Flush() => _process.Flush();
}
