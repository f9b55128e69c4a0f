using System.CommandLine;
using LlamaSpec.Cli.Terminals;

namespace LlamaSpec.Cli.Commands;

/// <summary>Where the prompt comes from: the argument, --prompt, --file, a pipe, or for a first try nowhere.</summary>
internal sealed class PromptSource
{
    // For "generate" and nothing else at a terminal: something to see, and to learn from.
    private const string BuiltIn = "Tell me a short story about a lighthouse.";

    private readonly Argument<string?> _argument = new("PROMPT")
    {
        Description = "The prompt. Else --prompt, --file, or what is piped in. At a terminal without any of these: a built-in one.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string?> _prompt = new("--prompt", "-p") { Description = "The prompt, as an option.", HelpName = "TEXT" };
    private readonly Option<string?> _file = new("--file", "-f")
    {
        Description = "Read the prompt from a UTF-8 file; - = standard input.",
        HelpName = "FILE",
    };

    public PromptSource(Command command)
    {
        command.Add(_argument);
        command.Add(_prompt);
        command.Add(_file);
    }

    /// <summary>The prompt, not empty.</summary>
    /// <exception cref="UsageException">There is no prompt, or more than one.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<string> ReadAsync(ParseResult result, Terminal terminal, CancellationToken cancellationToken)
    {
        var argument = result.GetValue(_argument);
        var option = result.GetValue(_prompt);
        var file = result.GetValue(_file);
        if (((string?[])[argument, option, file]).Count(static source => source is not null) > 1)
        {
            throw new UsageException("Give the prompt once: as an argument, with --prompt, or with --file.");
        }

        var text = argument ?? option ?? WithoutLastLineBreak(await ReadTextAsync(file, terminal, cancellationToken));
        return string.IsNullOrWhiteSpace(text)
            ? throw new UsageException("The prompt is empty. Give some text as an argument, with --prompt, with --file, or through a pipe.")
            : text;
    }

    private static async Task<string> ReadTextAsync(string? file, Terminal terminal, CancellationToken cancellationToken)
    {
        if (file is not (null or "-"))
        {
            return await ReadFileAsync(file, cancellationToken);
        }

        if (terminal.IsInputTerminal && file is null)
        {
            terminal.WriteNote($"Asking \"{BuiltIn}\" For your own prompt: {CommandTree.Name} generate \"...\"");
            return BuiltIn;
        }

        // A read of a pipe cannot be interrupted, so Ctrl-C leaves it behind.
        return await Task.Run(terminal.Input.ReadToEnd, cancellationToken).WaitAsync(cancellationToken);
    }

    private static async Task<string> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot read the prompt from {file}: {error.Message}", error);
        }
    }

    // Editors and echo end a text with a line break that nobody meant as part of the prompt.
    private static string WithoutLastLineBreak(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
}
