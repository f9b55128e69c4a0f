using System.CommandLine;
using LlamaSpec.Drafting;

namespace LlamaSpec.Cli.Options;

/// <summary>Who may draft, by name.</summary>
internal static class DrafterOption
{
    public static Option<DrafterChoice?> Create() => new("--drafter")
    {
        Description = $"Who may draft: {DrafterChoice.Syntax}.",
        HelpName = "DRAFTER",
        CustomParser = static result => ParsedOption.TryParse(result, result.Tokens[0].Value, DrafterChoice.Parse),
    };
}
