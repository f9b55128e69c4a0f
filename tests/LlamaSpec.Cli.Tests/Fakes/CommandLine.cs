using LlamaSpec.Cli.Terminals;

namespace LlamaSpec.Cli.Tests.Fakes;

/// <summary>Runs the command line in this process, as from a pipe unless told otherwise.</summary>
internal static class CommandLine
{
    /// <summary>Runs arguments with nothing to read.</summary>
    public static Task<CliRun> RunAsync(params string[] arguments) => RunWithInputAsync(string.Empty, arguments);

    /// <summary>Runs arguments with a text piped in.</summary>
    public static Task<CliRun> RunWithInputAsync(string input, params string[] arguments) => RunAsync(new TestTerminal { InputText = input }, arguments);

    public static async Task<CliRun> RunAsync(TestTerminal terminal, params string[] arguments)
    {
        var exitCode = await CliApplication.RunAsync(arguments, terminal.Terminal, terminal.Stop);
        return new CliRun(exitCode, terminal.Output.ToString()!, terminal.Error.ToString()!);
    }
}
