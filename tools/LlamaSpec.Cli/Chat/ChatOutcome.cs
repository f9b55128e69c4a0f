namespace LlamaSpec.Cli.Chat;

/// <summary>What a chat does after a command.</summary>
internal enum ChatOutcome
{
    Continue,
    Exit,
}
