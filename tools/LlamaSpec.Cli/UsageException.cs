namespace LlamaSpec.Cli;

/// <summary>The command line is wrong in a way that only shows after parsing. The message says what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
