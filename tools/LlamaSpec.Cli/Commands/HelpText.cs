using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace LlamaSpec.Cli.Commands;

/// <summary>--help with examples at the end.</summary>
internal sealed class HelpText(int width) : SynchronousCommandLineAction
{
    private readonly HelpAction _standard = new() { MaxWidth = width };

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        _standard.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in ExamplesOf(parseResult.CommandResult.Command))
        {
            output.WriteLine($"  {example.Effect}");
            output.WriteLine($"    {CommandTree.Name} {example.Line}");
        }

        return ExitCode.Success;
    }

    private static IReadOnlyList<CommandExample> ExamplesOf(Command command) => command switch
    {
        CliCommand own => own.Examples,
        _ => [.. command.Subcommands.OfType<CliCommand>().Select(static subcommand => subcommand.Examples[0])],
    };
}
