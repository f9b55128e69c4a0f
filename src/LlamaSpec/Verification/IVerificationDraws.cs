using LlamaSpec.Sampling;

namespace LlamaSpec.Verification;

/// <summary>
/// The only place where chance enters verification. Production draws from <see cref="CounterRandom"/>;
/// the exact tests explore every branch with its probability, through the same verifier code.
/// </summary>
public interface IVerificationDraws
{
    /// <summary>True with probability min(1, numerator / denominator). Never true when the numerator is 0.</summary>
    /// <param name="node">Index of the drafted token that is tested.</param>
    /// <param name="numerator">Not negative.</param>
    /// <param name="denominator">Above 0.</param>
    bool Accept(int node, double numerator, double denominator);

    /// <summary>A token, with probability proportional to its weight; -1 when there is no weight.</summary>
    /// <param name="node">Number of accepted tokens.</param>
    /// <param name="weights">Weights, not necessarily normalised.</param>
    int Sample(int node, TokenDistribution weights);
}
