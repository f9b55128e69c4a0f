namespace LlamaSpec.Cli.Chat;

/// <summary>A question and its answer; the answer may have been cut short.</summary>
internal sealed record ChatTurn(string Question, string Answer);
