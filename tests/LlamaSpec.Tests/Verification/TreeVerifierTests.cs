using LlamaSpec.Drafting;
using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Tests.Verification;

public class TreeVerifierTests
{
    private static readonly ManagedKernels Kernels = new();

    [Test]
    public void WhatAConfidentDraftLeavesForItsSecondDrawIsNotRoundingNoise([Range(1, 8)] int seed, [Values] bool isTraversal)
    {
        // The first token has all but 1e-5, so 1 less its float32 misses the weight of the others by up to a hundredth.
        var models = new TreeEnumeration(4, 1, static _ => [0.25, 0.25, 0.25, 0.25], _ => Softmax(new Random(seed)), isDense: true);
        var rule = isTraversal ? TreeEnumeration.Traversal : TreeEnumeration.Walk;
        Assert.That(models.TotalVariation(TreeGrowth.LevelByLevel(TreePlans.Sampled(2)), rule), Is.LessThan(1e-6));
    }

    private static double[] Softmax(Random random)
    {
        float[] logits = [0, .. Enumerable.Range(0, 3).Select(_ => -11 - (2 * random.NextSingle()))];
        var distribution = new TokenDistribution(logits.Length);
        var isValid = new Sampler(Kernels, logits.Length).TryShape(
            logits, null, [], new SamplingOptions { Temperature = 1, TopK = 0, TopP = 1, MinP = 0 }, distribution, out _);
        Assert.That(isValid);
        return [.. distribution.Weights.ToArray().Select(weight => (double)weight)];
    }
}
