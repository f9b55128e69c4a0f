namespace LlamaSpec.Cli.Commands;

/// <summary>One line of the examples in --help.</summary>
/// <param name="Line">What to type after "llamaspec".</param>
/// <param name="Effect">What it does.</param>
internal readonly record struct CommandExample(string Line, string Effect);
