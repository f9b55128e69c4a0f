using LlamaSpec.Sampling;

namespace LlamaSpec.Verification;

/// <summary>Draws from <see cref="CounterRandom"/>, keyed by request seed, round and node.</summary>
/// <param name="kernels">Row arithmetic.</param>
/// <param name="seed">Seed of the request.</param>
/// <param name="round">Round of the request.</param>
public readonly struct RandomDraws(IKernels kernels, ulong seed, long round) : IVerificationDraws
{
    /// <inheritdoc />
    public bool Accept(int node, double numerator, double denominator) =>
        CounterRandom.Uniform(seed, round, node, DrawPurpose.Accept) * denominator < numerator;

    /// <inheritdoc />
    public int Sample(int node, TokenDistribution weights) =>
        weights.Sample(kernels, CounterRandom.Uniform(seed, round, node, DrawPurpose.Next));
}
