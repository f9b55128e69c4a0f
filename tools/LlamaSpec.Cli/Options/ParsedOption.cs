using System.CommandLine.Parsing;

namespace LlamaSpec.Cli.Options;

/// <summary>Values that know how to read themselves.</summary>
internal static class ParsedOption
{
    /// <summary>Reads a value; what is wrong with it becomes a parse error, and the value null.</summary>
    public static T? TryParse<T>(ArgumentResult result, string text, Func<string, T> parse)
        where T : class
    {
        try
        {
            return parse(text);
        }
        catch (FormatException error)
        {
            result.AddError(error.Message);
            return null;
        }
    }
}
