namespace LlamaSpec.Verification;

/// <summary>Which rule accepts a chain, or a tree that was drawn without replacement, at a temperature above 0. Both are exact.</summary>
public enum VerificationRule
{
    /// <summary>Jointly: block verification of a chain (arXiv 2403.10444), traversal of a tree (arXiv 2505.12398). The default.</summary>
    Block,

    /// <summary>Token by token (arXiv 2211.17192; in trees arXiv 2402.12374): the reference.</summary>
    Token,
}
