using System.CommandLine;
using System.CommandLine.Invocation;
using System.Diagnostics.CodeAnalysis;
using LlamaSpec.Cli.Commands;
using LlamaSpec.Cli.Terminals;

namespace LlamaSpec.Cli;

/// <summary>The command line as a function: arguments and a terminal in, an exit code out.</summary>
internal static class CliApplication
{
    private static readonly ParserConfiguration Syntax = new()
    {
        // A prompt may start with "@" (no response files), and -ngl is one option, not three.
        ResponseFileTokenReplacer = null,
        EnablePosixBundling = false,
    };

    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="terminal">Where to read and write.</param>
    /// <param name="cancellationToken">Ends the whole program; Ctrl-C comes through <see cref="Terminal.Interrupts"/>.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "The edge: every error becomes one line and an exit code.")]
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken = default)
    {
        try
        {
            var result = CommandTree.Create(terminal).Parse(arguments, Syntax);
            if (result.Action is ParseErrorAction)
            {
                return ReportUsage(result, terminal);
            }

            var code = await result.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = terminal.Output,
                    Error = terminal.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                cancellationToken);
            await terminal.Output.FlushAsync(CancellationToken.None);
            return code;
        }
        catch (Exception error)
        {
            return ErrorReport.Write(error, terminal);
        }
    }

    private static int ReportUsage(ParseResult result, Terminal terminal)
    {
        foreach (var message in result.Errors.Select(static error => error.Message).Distinct())
        {
            terminal.WriteError(message);
        }

        var command = result.CommandResult.Command;
        var path = command is RootCommand ? CommandTree.Name : $"{CommandTree.Name} {command.Name}";
        terminal.WriteNote($"'{path} --help' lists what can be given.");
        return ExitCode.Usage;
    }
}
