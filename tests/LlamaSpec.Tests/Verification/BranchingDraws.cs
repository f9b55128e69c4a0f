using LlamaSpec.Sampling;
using LlamaSpec.Verification;

namespace LlamaSpec.Tests.Verification;

/// <summary>
/// Explores every way that chance can go, with its exact probability, by running the production code once for each path
/// of decisions.
/// </summary>
internal sealed class BranchingDraws : IVerificationDraws
{
    private readonly List<(int Choice, double[] Probabilities)> _path = [];
    private int _depth;

    public double Probability { get; private set; }

    /// <summary>All outcomes of <paramref name="run"/> with their probabilities.</summary>
    public static IEnumerable<(T Outcome, double Probability)> Explore<T>(Func<BranchingDraws, T> run)
    {
        var draws = new BranchingDraws();
        do
        {
            draws._depth = 0;
            draws.Probability = 1;
            var outcome = run(draws);
            if (draws.Probability > 0)
            {
                yield return (outcome, draws.Probability);
            }
        }
        while (draws.MoveToNextPath());
    }

    public bool Accept(int node, double numerator, double denominator)
    {
        var probability = Math.Min(1, numerator / denominator);
        return Choose([1 - probability, probability]) == 1;
    }

    public int Sample(int node, TokenDistribution weights)
    {
        var probabilities = new double[weights.VocabularySize];
        var total = 0.0;
        for (var token = 0; token < probabilities.Length; token++)
        {
            total += weights[token];
        }

        for (var token = 0; token < probabilities.Length; token++)
        {
            probabilities[token] = weights[token] / total;
        }

        return Choose(probabilities);
    }

    /// <summary>One of several outcomes.</summary>
    public int Choose(double[] probabilities)
    {
        if (_depth == _path.Count)
        {
            _path.Add((NextPossible(probabilities, 0), probabilities));
        }

        var (choice, _) = _path[_depth++];
        Probability *= probabilities[choice];
        return choice;
    }

    private static int NextPossible(double[] probabilities, int from) => Array.FindIndex(probabilities, from, static p => p > 0);

    private bool MoveToNextPath()
    {
        while (_path.Count > 0)
        {
            var (choice, probabilities) = _path[^1];
            _path.RemoveAt(_path.Count - 1);
            var next = choice + 1 < probabilities.Length ? NextPossible(probabilities, choice + 1) : -1;
            if (next >= 0)
            {
                _path.Add((next, probabilities));
                return true;
            }
        }

        return false;
    }
}
