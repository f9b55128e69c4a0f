using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;
using LlamaSpec.Cli.Terminals;

namespace LlamaSpec.Cli.Commands;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    /// <summary>What the user types.</summary>
    public const string Name = "llamaspec";

    public static string Version { get; } =
        typeof(CommandTree).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand("Runs local GGUF models faster without changing what they write: a small draft proposes, the target checks.")
        {
            new GenerateCommand(terminal),
            new ChatCommand(terminal),
            new CheckCommand(terminal),
            new CalibrateCommand(terminal),
            new DemoCommand(terminal),
            new BenchCommand(terminal),
            new TrainLdlpCommand(terminal),
            new TrainTrigramCommand(terminal),
        };
        root.HelpName = Name;
        var help = new HelpText(terminal.Width);
        root.Options.OfType<HelpOption>().Single().Action = help;
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        root.SetAction(help.Invoke);
        return root;
    }

    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"{Name} {Version}");
            return ExitCode.Success;
        }
    }
}
