namespace LlamaSpec.Verification;

/// <summary>Which rule accepts a chain at a temperature above 0. Both are exact.</summary>
public enum VerificationRule
{
    /// <summary>Block verification (arXiv 2403.10444): the default.</summary>
    Block,

    /// <summary>Token by token (arXiv 2211.17192): the reference.</summary>
    Token,
}
