using LlamaSpec.Drafting;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Drafting;
using LlamaSpec.Verification;
using MathNet.Numerics.Distributions;

namespace LlamaSpec.Tests.Verification;

public class TreeBatchStatisticsTests
{
    private const int VocabularySize = 5;
    private const int NodeCapacity = 12;
    private const int RequestCount = 8;
    private const int BatchCount = 4000;

    private static readonly ManagedKernels Kernels = new();
    private static readonly SamplingOptions Options = new() { Temperature = 0.9f, TopK = 0, TopP = 1, MinP = 0 };

    [TestCase(0, 1, 0)]
    [TestCase(4, 0.9f, 0.1f)]
    public void WhatBatchesOfRandomTreesCommitHasTheTargetsDistribution(int topK, float topP, float minP)
    {
        var options = Options with { TopK = topK, TopP = topP, MinP = minP };
        var random = new Random(20260729);
        var batch = new TreeBatch(RequestCount, RequestCount * NodeCapacity);
        var counts = new int[VocabularySize * VocabularySize];
        for (var round = 0; round < BatchCount; round++)
        {
            var trees = Enumerable.Range(0, RequestCount).Select(_ => RandomTrees.Draft(random, VocabularySize, NodeCapacity)).ToArray();
            List<float> logits = [];
            batch.Clear();
            for (var i = 0; i < trees.Length; i++)
            {
                batch.Add(trees[i], options, (ulong)i, round, logits.Count / VocabularySize);
                logits.AddRange(Enumerable.Range(-1, trees[i].Count + 1).SelectMany(node => Logits(Path(trees[i], node))));
            }

            Kernels.VerifyTrees(logits.ToArray(), VocabularySize, batch);
            for (var i = 0; i < trees.Length; i++)
            {
                int[] text = [.. Path(trees[i], batch.Verdicts[i].LastNode), batch.Verdicts[i].NextToken];
                var second = text.Length > 1 ? text[1] : Target(text, options).Sample(Kernels, random.NextDouble());
                counts[(text[0] * VocabularySize) + second]++;
            }
        }

        AssertDistribution(counts, options);
    }

    private static void AssertDistribution(int[] counts, SamplingOptions options)
    {
        var first = Target([], options);
        var statistic = 0.0;
        var cells = 0;
        for (var cell = 0; cell < counts.Length; cell++)
        {
            var token = cell / VocabularySize;
            var expected = counts.Sum() * (double)first[token] * (first[token] > 0 ? Target([token], options)[cell % VocabularySize] : 0);
            if (expected == 0)
            {
                Assert.That(counts[cell], Is.Zero);
                continue;
            }

            Assert.That(expected, Is.GreaterThan(5), "A cell with less says nothing.");
            statistic += Math.Pow(counts[cell] - expected, 2) / expected;
            cells++;
        }

        Assert.That(statistic, Is.LessThan(ChiSquared.InvCDF(cells - 1, 0.9999)));
    }

    private static TokenDistribution Target(int[] prefix, SamplingOptions options)
    {
        var distribution = new TokenDistribution(VocabularySize);
        new Sampler(Kernels, VocabularySize).TryShape(Logits(prefix), null, [], options, distribution, out _);
        return distribution;
    }

    private static float[] Logits(int[] prefix)
    {
        var random = new Random(prefix.Aggregate(1, static (key, token) => (key * VocabularySize) + token));
        return [.. Enumerable.Range(0, VocabularySize).Select(_ => 3 * random.NextSingle())];
    }

    private static int[] Path(TokenTree tree, int node) => node < 0 ? [] : [.. Path(tree, tree.Parents[node]), tree.Tokens[node]];
}
