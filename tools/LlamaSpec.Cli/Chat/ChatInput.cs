using System.Text;
using LlamaSpec.Cli.Terminals;

namespace LlamaSpec.Cli.Chat;

/// <summary>Reads messages: a line each, or more lines where a line ends with a backslash.</summary>
internal sealed class ChatInput(Terminal terminal)
{
    /// <summary>The next message, trimmed, or null at the end of the input.</summary>
    /// <exception cref="OperationCanceledException">Ctrl-C was pressed.</exception>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        var message = new StringBuilder();
        while (true)
        {
            Prompt(message.Length == 0 ? "> " : ". ");
            var line = await ReadLineAsync(cancellationToken);
            if (line is null)
            {
                return message.Length == 0 ? null : message.ToString().Trim();
            }

            if (!line.EndsWith('\\'))
            {
                return message.Append(line).ToString().Trim();
            }

            message.Append(line, 0, line.Length - 1).Append('\n');
        }
    }

    private async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        string? line = null;
        try
        {
            // A read of a terminal or a pipe cannot be interrupted, so Ctrl-C leaves it behind.
            line = await Task.Run(terminal.Input.ReadLine, cancellationToken).WaitAsync(cancellationToken);
            return line;
        }
        finally
        {
            if (line is null && terminal.IsInputTerminal)
            {
                terminal.Error.WriteLine();
            }
        }
    }

    private void Prompt(string text)
    {
        if (terminal.IsInputTerminal)
        {
            terminal.Error.Write(text);
            terminal.Error.Flush();
        }
    }
}
