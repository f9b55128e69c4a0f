using LlamaSpec.Drafting;
using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Tests.Verification;

/// <summary>
/// The mean probability that a node's children hold the next token, over synthetic heavy-tailed rows of 500 tokens: the target's
/// logits are 0.75 times Student's t with three degrees of freedom, the draft's are those with a normal error of 0.65.
/// </summary>
internal static class NodeAcceptance
{
    private const int VocabularySize = 500;
    private const int RowCount = 1000;
    private const double LogitScale = 0.75;
    private const double DraftError = 0.65;

    private static readonly ManagedKernels Kernels = new();

    public static double Mean(int certainCount, int sampledCount, float temperature)
    {
        var random = new Random(20260729);
        var sampler = new Sampler(Kernels, VocabularySize);
        var options = new SamplingOptions { Temperature = temperature, TopK = 0, TopP = 1, MinP = 0 };
        var tree = new TokenTree(certainCount + sampledCount, VocabularySize);
        tree.Reserve();
        var rows = new Row(new TokenDistribution(VocabularySize));
        var scratch = (new TokenDistribution(VocabularySize), new TokenDistribution(VocabularySize));
        var logits = new float[VocabularySize];
        var mean = 0.0;
        for (var row = 0; row < RowCount; row++)
        {
            for (var token = 0; token < VocabularySize; token++)
            {
                logits[token] = (float)(LogitScale * StudentT(random));
            }

            sampler.TryShape(logits, null, [], options, rows.Target, out _);
            for (var token = 0; token < VocabularySize; token++)
            {
                logits[token] += (float)(DraftError * Normal(random));
            }

            Draft(tree, logits, sampler, options, certainCount, sampledCount, random);
            var draws = new AlwaysRejected(tree);
            TreeVerifier.Verify(tree, ref rows, scratch, Kernels, ref draws);
            mean += (1 - draws.Rejection) / RowCount;
        }

        return mean;
    }

    private static void Draft(TokenTree tree, float[] logits, Sampler sampler, SamplingOptions options, int certainCount, int sampledCount, Random random)
    {
        tree.Clear();
        foreach (var token in Enumerable.Range(0, VocabularySize).OrderByDescending(token => logits[token]).Take(certainCount))
        {
            tree.Add(TokenTree.Anchor, token, 1, isSampled: false);
            logits[token] = float.NegativeInfinity;
        }

        if (sampledCount > 0)
        {
            sampler.TryShape(logits, null, [], options, tree.Proposal(TokenTree.Anchor), out _);
        }

        for (var i = 0; i < sampledCount; i++)
        {
            var rest = new TokenDistribution(VocabularySize);
            sampler.TryShape(logits, null, [], options, rest, out _);
            var token = rest.Sample(Kernels, random.NextDouble());
            tree.Add(TokenTree.Anchor, token, 1, isSampled: true);
            logits[token] = float.NegativeInfinity;
        }
    }

    private static double StudentT(Random random) =>
        Normal(random) / Math.Sqrt((Math.Pow(Normal(random), 2) + Math.Pow(Normal(random), 2) + Math.Pow(Normal(random), 2)) / 3);

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private readonly struct Row(TokenDistribution target) : ITargetRows
    {
        public TokenDistribution Target => target;

        public TokenDistribution At(int node) => target;
    }

    /// <summary>Follows the way on which no child is accepted, and keeps its probability.</summary>
    private struct AlwaysRejected(TokenTree tree) : IVerificationDraws
    {
        public double Rejection { get; private set; } = 1;

        public bool Accept(int node, double numerator, double denominator)
        {
            Rejection *= 1 - Math.Min(1, numerator / denominator);
            return false;
        }

        public int Sample(int node, TokenDistribution weights)
        {
            var certain = 0.0;
            for (var child = tree.FirstChild(node - 1); child >= 0; child = tree.NextSibling(child))
            {
                certain += tree.IsSampled[child] == 0 ? weights[tree.Tokens[child]] : 0;
            }

            Rejection *= 1 - (certain / weights.Mass());
            return -1;
        }
    }
}
