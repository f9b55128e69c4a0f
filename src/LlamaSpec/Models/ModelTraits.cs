namespace LlamaSpec.Models;

/// <summary>What decides whether two models can be a pair.</summary>
public sealed record ModelTraits
{
    /// <summary>True for recurrent and hybrid models, whose sequences cannot be trimmed in part.</summary>
    public bool IsRecurrent { get; init; }

    /// <summary>The model's tokens; null = it has none of its own, as a trimmed draft.</summary>
    public Vocabulary? Vocabulary { get; init; }

    /// <summary>Which tokens of its target a trimmed draft's rows stand for; null = they are tokens of its own vocabulary.</summary>
    public TokenMap? TokenMap { get; init; }
}
