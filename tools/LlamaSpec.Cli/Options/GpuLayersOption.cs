using System.CommandLine;

namespace LlamaSpec.Cli.Options;

/// <summary>Options that take a number of layers, or "all".</summary>
internal static class GpuLayersOption
{
    /// <summary>What "all" and -1 stand for: more layers than a model has. Unlike -1 it asks for a GPU, so that its lack is told.</summary>
    public const int All = 9999;

    /// <summary>null = not given.</summary>
    public static Option<int?> Create(string name, string[] aliases, string description) => new(name, aliases)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (text is "all" or "-1")
            {
                return All;
            }

            if (NumberOption.TryParse(text, 0, All, out int value))
            {
                return value;
            }

            result.AddError($"{name} must be a whole number from 0 to {All}, or all, but is \"{text}\".");
            return null;
        },
    };
}
