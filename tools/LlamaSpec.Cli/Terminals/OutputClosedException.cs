namespace LlamaSpec.Cli.Terminals;

/// <summary>The reader of stdout has gone, as head does after its lines.</summary>
internal sealed class OutputClosedException(IOException cause) : IOException("The reader of the output has gone.", cause);
