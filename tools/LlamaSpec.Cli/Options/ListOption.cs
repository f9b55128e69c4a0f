using System.CommandLine;
using System.CommandLine.Parsing;
using System.Numerics;

namespace LlamaSpec.Cli.Options;

/// <summary>Options that take a list separated by commas. What stands there twice counts once.</summary>
internal static class ListOption
{
    /// <summary>A list with a default.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="aliases">Its other names.</param>
    /// <param name="defaults">The default, as the user would write it.</param>
    /// <param name="description">For --help.</param>
    /// <param name="read">Reads an entry, or adds an error to the result.</param>
    public static Option<T[]> Create<T>(string name, string[] aliases, string defaults, string description, Func<string, ArgumentResult, T> read) => new(name, aliases)
    {
        Description = $"{description} Default: {defaults}.",
        HelpName = "LIST",
        DefaultValueFactory = result => Read(defaults, result, read),
        CustomParser = result => Read(result.Tokens[0].Value, result, read),
    };

    /// <summary>A list that may be left out: empty = the command decides.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="description">For --help.</param>
    /// <param name="read">Reads an entry, or adds an error to the result.</param>
    public static Option<T[]> CreateOptional<T>(string name, string description, Func<string, ArgumentResult, T> read) => new(name)
    {
        Description = description,
        HelpName = "LIST",
        CustomParser = result => Read(result.Tokens[0].Value, result, read),
    };

    /// <summary>Numbers of a range.</summary>
    public static Option<T[]> Numbers<T>(string name, T minimum, T maximum, string defaults, string description)
        where T : struct, INumber<T> => Create(name, [], defaults, description, (text, result) =>
        {
            if (!NumberOption.TryParse(text, minimum, maximum, out var value))
            {
                result.AddError(FormattableString.Invariant($"{name} must be numbers from {minimum} to {maximum} separated by commas, but has \"{text}\"."));
            }

            return value;
        });

    private static T[] Read<T>(string text, ArgumentResult result, Func<string, ArgumentResult, T> read) =>
        [.. text.Split(',').Select(entry => read(entry.Trim(), result)).Distinct()];
}
