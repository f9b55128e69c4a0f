using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace LlamaSpec.Cli.Options;

/// <summary>Options that take a number of a range, and say the range when they get something else.</summary>
internal static class NumberOption
{
    /// <summary>A number with a default.</summary>
    public static Option<T> Create<T>(string name, string[] aliases, T minimum, T maximum, T defaultValue, string description)
        where T : struct, INumber<T> => new(name, aliases)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => defaultValue,
            CustomParser = result => TryRead(result, name, minimum, maximum, out var value) ? value : defaultValue,
        };

    /// <summary>A number that may be left out: null = the command decides.</summary>
    public static Option<T?> CreateOptional<T>(string name, string[] aliases, T minimum, T maximum, string description)
        where T : struct, INumber<T> => new(name, aliases)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result => TryRead(result, name, minimum, maximum, out var value) ? value : null,
        };

    private static bool TryRead<T>(ArgumentResult result, string name, T minimum, T maximum, out T value)
        where T : struct, INumber<T>
    {
        var text = result.Tokens[0].Value;
        if (TryParse(text, minimum, maximum, out value))
        {
            return true;
        }

        var kind = T.IsInteger(maximum) && typeof(T) != typeof(float) ? "a whole number" : "a number";
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be {kind} from {minimum} to {maximum}, but is \"{text}\"."));
        return false;
    }

    /// <summary>Reads a number of a range, independent of the machine's language.</summary>
    // Written so that a NaN fails.
    public static bool TryParse<T>(string text, T minimum, T maximum, out T value)
        where T : struct, INumber<T> =>
        T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum;
}
