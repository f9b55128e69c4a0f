using System.CommandLine;
using System.CommandLine.Parsing;
using LlamaSpec.Policies;

namespace LlamaSpec.Cli.Options;

/// <summary>The draft-length policy, by name.</summary>
internal static class PolicyOption
{
    public static Option<PolicyChoice?> Create() => new("--policy")
    {
        Description = $"Draft-length policy: {PolicyChoice.Syntax}.",
        HelpName = "POLICY",
        CustomParser = result => TryParse(result, result.Tokens[0].Value),
    };

    /// <summary>Reads a policy; what is wrong with it becomes a parse error.</summary>
    public static PolicyChoice? TryParse(ArgumentResult result, string text) => ParsedOption.TryParse(result, text, PolicyChoice.Parse);

    /// <summary>The longest draft that a policy asks for by its name ("fixed:12"), or null.</summary>
    public static int? FixedLength(PolicyChoice policy) =>
        policy.Name.Split(':') is ["fixed", var length] ? int.Parse(length, System.Globalization.CultureInfo.InvariantCulture) : null;
}
