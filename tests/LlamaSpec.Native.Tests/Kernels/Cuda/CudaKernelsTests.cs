using LlamaSpec.Drafting;
using LlamaSpec.Native.Kernels;
using LlamaSpec.Native.Kernels.Cuda;
using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Native.Tests.Kernels.Cuda;

/// <summary>
/// The verdicts are those of the processor, with a GPU and without. Where there is no GPU, the emulated one of the native tests
/// can stand for it: see native/kernels/cuda/tests/CMakeLists.txt.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CudaKernelsTests : IDisposable
{
    private const int Columns = 300;

    private readonly CudaKernels _kernels = new();

    public void Dispose() => _kernels.Dispose();

    private static IEnumerable<TestCaseData> Samplings() =>
    [
        new TestCaseData(SamplingOptions.Greedy).SetArgDisplayNames("greedy"),
        new TestCaseData(new SamplingOptions { Temperature = 1, TopK = 0, TopP = 1, MinP = 0 }).SetArgDisplayNames("whole rows"),
        new TestCaseData(new SamplingOptions { Temperature = 0.7f, TopK = 20, TopP = 0.9f, MinP = 0.01f }).SetArgDisplayNames("top-k, top-p, min-p"),
        new TestCaseData(new SamplingOptions { Temperature = 1.2f, TopK = 0, TopP = 0.8f, MinP = 0 }).SetArgDisplayNames("top-p"),
    ];

    [TestCaseSource(nameof(Samplings))]
    public void VerdictsAreThoseOfTheProcessor(SamplingOptions sampling)
    {
        var acceptedCount = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var (seen, logits) = Batch(seed, sampling);
            var (wanted, _) = Batch(seed, sampling);

            _kernels.VerifyTrees(logits, Columns, seen);
            new NativeKernels().VerifyTrees(logits, Columns, wanted);

            Assert.That(seen.Verdicts.ToArray(), Is.EqualTo(wanted.Verdicts.ToArray()), $"seed {seed}");
            Assert.That(seen.Statistics[0].ArgMax, Is.EqualTo(wanted.Statistics[0].ArgMax));
            acceptedCount += wanted.Verdicts.ToArray().Sum(static verdict => verdict.AcceptedCount);
        }

        Assert.That(acceptedCount, Is.GreaterThan(20), "The trees get somewhere.");
        Assert.That(_kernels.DeviceName is null ? _kernels.ProcessorBatchCount : _kernels.GpuBatchCount, Is.EqualTo(40));
    }

    [Test]
    public void WithoutAGpuTheReasonIsTold()
    {
        using var missing = new CudaKernels(device: 1000);
        var (batch, logits) = Batch(1, SamplingOptions.Greedy);

        missing.VerifyTrees(logits, Columns, batch);

        Assert.That(missing.UnavailableReason, Has.Length.GreaterThan(10));
        Assert.That(missing.DeviceName, Is.Null);
        Assert.That(missing.ProcessorBatchCount, Is.EqualTo(1));
        Assert.That(batch.Verdicts[0].NextToken, Is.InRange(0, Columns - 1));
    }

    [Test]
    public void WhatTheGpuDoesNotDoTheProcessorDoes()
    {
        const int Many = 4000;
        var (batch, logits) = Batch(1, new SamplingOptions { Temperature = 1, TopK = 1025, TopP = 1, MinP = 0 }, Many);

        _kernels.VerifyTrees(logits, Many, batch);

        Assert.That(batch.Verdicts[0].NextToken, Is.InRange(0, Many - 1));
        Assert.That(_kernels.ProcessorBatchCount, Is.EqualTo(1));
        Assert.That(_kernels.FallbackReason, _kernels.DeviceName is null ? Is.Null : Does.Contain("top_k of request 0 is 1025"));
    }

    [Test]
    public void AClosedGpuLeavesTheProcessor()
    {
        _kernels.Dispose();
        var (batch, logits) = Batch(2, SamplingOptions.Greedy);

        _kernels.VerifyTrees(logits, Columns, batch);

        Assert.That(_kernels.ProcessorBatchCount, Is.EqualTo(1));
        Assert.That(batch.Verdicts[0].NextToken, Is.GreaterThanOrEqualTo(0));
    }

    [Test]
    public void RowsAreTheProcessors()
    {
        float[] row = [1, 3, 2];
        var residual = new float[3];
        var probabilities = new float[3];

        Assert.That(_kernels.TryRowStatistics(row, 1, [], [], out var statistics), Is.True);
        _kernels.Softmax(row, 1, statistics.LogSumExp, probabilities);

        Assert.That(statistics.ArgMax, Is.EqualTo(1));
        Assert.That(_kernels.ArgMax(row), Is.EqualTo(1));
        Assert.That(probabilities.Sum(), Is.EqualTo(1).Within(1e-6));
        Assert.That(_kernels.Residual(row, 1, [1, 1, 1], residual), Is.EqualTo(3));
        Assert.That(_kernels.Sample([0, 0, 2], 0.5), Is.EqualTo(2));
    }

    // Two requests: a chain of sampled tokens, and certain ones with a sampled one beside them.
    private static (TreeBatch Batch, float[] Logits) Batch(int seed, SamplingOptions sampling, int columns = Columns)
    {
        var random = new Random(seed);
        var batch = new TreeBatch(requestCapacity: 2, nodeCapacity: 8);
        var logits = new float[9 * columns];
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] = (float)(random.NextDouble() + random.NextDouble() - 1) * 10;
        }

        batch.Add(Chain(random, logits, columns), sampling, (ulong)seed, round: 3, firstRow: 0);
        batch.Add(Bush(random, logits.AsSpan(4 * columns), columns), sampling, (ulong)seed, round: 4, firstRow: 4);
        return (batch, logits);
    }

    private static TokenTree Chain(Random random, ReadOnlySpan<float> logits, int columns)
    {
        var tree = new TokenTree(8, columns);
        tree.Reserve();
        for (var node = TokenTree.Anchor; node < 2; node++)
        {
            Propose(tree.Proposal(node), logits.Slice((node + 1) * columns, columns), without: -1);
            tree.Add(node, tree.Proposal(node).Sample(new ManagedKernels(), random.NextDouble()), 0.5f, isSampled: true);
        }

        return tree;
    }

    private static TokenTree Bush(Random random, ReadOnlySpan<float> logits, int columns)
    {
        var tree = new TokenTree(8, columns);
        tree.Reserve();
        var kernels = new ManagedKernels();
        for (var node = TokenTree.Anchor; node < 2; node += 2)
        {
            var row = logits.Slice((node + 1) * columns, columns);
            var certain = kernels.ArgMax(row);
            Propose(tree.Proposal(node), row, without: certain);
            tree.Add(node, certain, 0.5f, isSampled: false);
            tree.Add(node, tree.Proposal(node).Sample(kernels, random.NextDouble()), 0.2f, isSampled: true);
        }

        return tree;
    }

    private static void Propose(TokenDistribution proposal, ReadOnlySpan<float> row, int without)
    {
        var weights = proposal.OverwriteAll();
        for (var column = 0; column < weights.Length; column++)
        {
            weights[column] = column == without ? 0 : MathF.Exp(row[column] - 10);
        }

        var total = System.Numerics.Tensors.TensorPrimitives.Sum(weights);
        System.Numerics.Tensors.TensorPrimitives.Divide(weights, total, weights);
    }
}
