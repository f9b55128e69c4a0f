namespace LlamaSpec.Contracts.Pairs;

/// <summary>Which draft model a pair is started with.</summary>
public enum PairDraft
{
    /// <summary>None: the target decodes alone.</summary>
    None,

    /// <summary>The pair's own.</summary>
    Own,

    /// <summary>The target, loaded once more.</summary>
    Target,
}
