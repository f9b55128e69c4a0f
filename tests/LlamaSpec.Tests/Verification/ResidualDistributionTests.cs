using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Tests.Verification;

public class ResidualDistributionTests
{
    private static readonly ManagedKernels Kernels = new();

    [Test]
    public void TheResidualIsWhatTheTargetHasAndTheDraftLacks([Values] bool isTargetDense, [Values] bool isDraftDense)
    {
        var target = Form(isTargetDense, 0.5f, 0.25f, 0.25f, 0);
        var draft = Form(isDraftDense, 0.25f, 0.5f, 0, 0.25f);
        var residual = new TokenDistribution(4);
        Assert.That(ResidualDistribution.Compute(target, 1, draft, residual, Kernels), Is.EqualTo(0.5).Within(1e-12));
        Assert.That(residual.Weights.ToArray(), Is.EqualTo(new[] { 0.25f, 0, 0.25f, 0 }));
    }

    [Test]
    public void TheScaleShrinksTheTargetOnly([Values] bool isDense)
    {
        var residual = new TokenDistribution(3);
        var mass = ResidualDistribution.Compute(Form(isDense, 0.5f, 0.5f, 0), 0.5, Form(isDense, 0.125f, 0.375f, 0.5f), residual, Kernels);
        Assert.That(mass, Is.EqualTo(0.125).Within(1e-12));
        Assert.That(residual.Weights.ToArray(), Is.EqualTo(new[] { 0.125f, 0, 0 }));
    }

    [Test]
    public void SparseAndDenseFormsAgree() => Property.Holds(random =>
    {
        var target = Row(random);
        var draft = Row(random);
        var scale = random.NextDouble();
        var residual = new TokenDistribution(target.Length);
        var mass = ResidualDistribution.Compute(Form(false, target), scale, Form(false, draft), residual, Kernels);
        var weights = residual.Weights.ToArray();
        var denseMass = ResidualDistribution.Compute(Form(true, target), scale, Form(random.Next(2) == 0, draft), residual, Kernels);
        Assert.That(denseMass, Is.EqualTo(mass).Within(1e-6));
        Assert.That(residual.Weights.ToArray(), Is.EqualTo(weights).Within(1e-7));
        Assert.That(weights.Sum(weight => (double)weight), Is.EqualTo(mass).Within(1e-6));
    });

    [Test]
    public void AnOldResidualIsForgotten([Values] bool isDense)
    {
        var residual = new TokenDistribution(2);
        ResidualDistribution.Compute(Form(isDense, 1, 0), 1, Form(isDense, 0, 1), residual, Kernels);
        Assert.That(ResidualDistribution.Compute(Form(isDense, 0, 1), 1, Form(isDense, 1, 0), residual, Kernels), Is.EqualTo(1));
        Assert.That(residual.Weights.ToArray(), Is.EqualTo(new float[] { 0, 1 }));
    }

    [TestCase(5e-8f, NextTokenKind.Fallback)]
    [TestCase(4e-7f, NextTokenKind.Correction)]
    public void AResidualOfRoundingNoiseFallsBackToTheTarget(float noise, NextTokenKind kind)
    {
        // A rejection next to which the residual is only as large as the noise.
        TokenDistribution[] target = [Form(false, 0.5f, noise, 0.5f), Form(false, 1, 0, 0)];
        TokenDistribution[] draft = [Form(false, 0.5f, 0, 0.5f)];
        var draws = new Rejection();
        var acceptance = ChainVerifier.Verify<Rejection>([0], draft, target, new TokenDistribution(3), Kernels, ref draws);
        Assert.That((acceptance.AcceptedCount, acceptance.Kind), Is.EqualTo((0, kind)));
        Assert.That(acceptance.NextToken, Is.EqualTo(kind == NextTokenKind.Correction ? 1 : 0));
    }

    private static TokenDistribution Form(bool isDense, params float[] weights)
    {
        var distribution = new TokenDistribution(weights.Length);
        if (isDense)
        {
            weights.CopyTo(distribution.OverwriteAll());
            return distribution;
        }

        for (var token = 0; token < weights.Length; token++)
        {
            if (weights[token] > 0)
            {
                distribution.Add(token, weights[token]);
            }
        }

        return distribution;
    }

    private static float[] Row(Random random)
    {
        var row = Enumerable.Range(0, 50).Select(_ => random.Next(3) == 0 ? 0 : random.NextSingle()).ToArray();
        var total = row.Sum();
        return [.. row.Select(weight => weight / total)];
    }

    /// <summary>Rejects everything, and draws the first token that has weight.</summary>
    private readonly struct Rejection : IVerificationDraws
    {
        public bool Accept(int node, double numerator, double denominator) => false;

        public int Sample(int node, TokenDistribution weights) => weights.Sample(Kernels, 0);
    }
}
