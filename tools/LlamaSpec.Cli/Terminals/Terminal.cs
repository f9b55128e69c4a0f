using Spectre.Console;

namespace LlamaSpec.Cli.Terminals;

/// <summary>
/// Where a command reads and writes. Results go to <see cref="Output"/>, everything else to <see cref="Error"/>, so that a
/// pipe gets only results. Tests give strings.
/// </summary>
internal sealed class Terminal
{
    private IAnsiConsole? _outputConsole;
    private IAnsiConsole? _errorConsole;

    public required TextReader Input { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether a person types at <see cref="Input"/>. Default false, like the other two.</summary>
    public bool IsInputTerminal { get; init; }

    public bool IsOutputTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    /// <summary>False when the user asked for no colours (NO_COLOR). Default true; pipes get none either way.</summary>
    public bool AllowsColor { get; init; } = true;

    /// <summary>False for a terminal that cannot move its cursor (TERM=dumb). Default true.</summary>
    public bool AllowsCursorMoves { get; init; } = true;

    /// <summary>Columns. Default 120, for tables in pipes.</summary>
    public int Width { get; init; } = 120;

    /// <summary>Ctrl-C.</summary>
    public Interrupts Interrupts { get; } = new();

    /// <summary>Tables and live views on <see cref="Output"/>.</summary>
    public IAnsiConsole OutputConsole => _outputConsole ??= CreateConsole(Output, IsOutputTerminal);

    /// <summary>Live views on <see cref="Error"/>.</summary>
    public IAnsiConsole ErrorConsole => _errorConsole ??= CreateConsole(Error, IsErrorTerminal);

    public void WriteError(string message) => WriteLabelled("error", Color.Red, message);

    public void WriteWarning(string message) => WriteLabelled("warning", Color.Yellow, message);

    /// <summary>A line for the person at the terminal, not part of the result.</summary>
    public void WriteNote(string message)
    {
        Error.WriteLine(message);
        Error.Flush();
    }

    /// <summary>Sends out what was written, where somebody still reads.</summary>
    public void TryFlush()
    {
        try
        {
            Output.Flush();
        }
        catch (IOException)
        {
            // The error to report is another one.
        }
    }

    // The label alone goes through Spectre, which would wrap a long message and break it for grep.
    private void WriteLabelled(string label, Color color, string message)
    {
        ErrorConsole.Write(new Text($"{label}:", new Style(color)));
        WriteNote($" {message}");
    }

    private IAnsiConsole CreateConsole(TextWriter writer, bool isTerminal)
    {
        var movesCursor = isTerminal && AllowsCursorMoves;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = movesCursor ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = movesCursor && AllowsColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = movesCursor ? InteractionSupport.Yes : InteractionSupport.No,
        });
        console.Profile.Width = Width;
        console.Profile.Capabilities.Unicode = true;

        // Bold and italics are escape codes too.
        console.Profile.Capabilities.Ansi = movesCursor;
        return console;
    }
}
