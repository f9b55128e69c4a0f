using LlamaSpec.Cli.Terminals;

namespace LlamaSpec.Cli.Tests.Fakes;

/// <summary>A terminal made of strings.</summary>
internal sealed class TestTerminal
{
    private Terminal? _terminal;

    public string InputText { get; init; } = string.Empty;

    public TextReader? Input { get; init; }

    public TextWriter Output { get; init; } = new StringWriter { NewLine = "\n" };

    public TextWriter Error { get; init; } = new StringWriter { NewLine = "\n" };

    public bool IsInputTerminal { get; init; }

    public bool IsOutputTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    public bool AllowsColor { get; init; } = true;

    public bool AllowsCursorMoves { get; init; } = true;

    public int Width { get; init; } = 120;

    public CancellationToken Stop { get; init; }

    public Terminal Terminal => _terminal ??= new Terminal
    {
        Input = Input ?? new StringReader(InputText),
        Output = Output,
        Error = Error,
        IsInputTerminal = IsInputTerminal,
        IsOutputTerminal = IsOutputTerminal,
        IsErrorTerminal = IsErrorTerminal,
        AllowsColor = AllowsColor,
        AllowsCursorMoves = AllowsCursorMoves,
        Width = Width,
    };
}
