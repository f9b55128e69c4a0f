using System.CommandLine;

namespace LlamaSpec.Cli.Commands;

/// <summary>A command of llamaspec: what System.CommandLine asks for, plus examples for --help.</summary>
internal abstract class CliCommand : Command
{
    protected CliCommand(string name, string description)
        : base(name, description) => SetAction(RunAsync);

    /// <summary>Command lines to learn from, each with what it does.</summary>
    public abstract IReadOnlyList<CommandExample> Examples { get; }

    /// <summary>Runs the command.</summary>
    /// <param name="result">The parsed command line.</param>
    /// <param name="cancellationToken">Ends the program. Ctrl-C is separate, since the chat goes on after it.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    protected abstract Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken);
}
