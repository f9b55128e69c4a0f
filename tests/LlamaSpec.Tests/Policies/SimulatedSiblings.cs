using LlamaSpec.Drafting;
using LlamaSpec.Policies;

namespace LlamaSpec.Tests.Policies;

/// <summary>The second tokens of a simulated draft's positions, and which of them the policy pays for.</summary>
internal sealed class SimulatedSiblings
{
    private readonly List<(SimulatedPosition Position, double Survival)> _shown = [];
    private readonly List<int> _added = [];

    /// <summary>Tokens that were paid for.</summary>
    public int Count => _added.Count;

    public void Clear()
    {
        _shown.Clear();
        _added.Clear();
    }

    /// <summary>A pass has shown a position that is reached with a probability.</summary>
    public void Show(SimulatedPosition position, double survival) => _shown.Add((position, survival));

    /// <summary>Asks the policy for rows, and returns the tokens that they bring on average.</summary>
    public double Add(IDraftLengthPolicy policy, in DraftProgress progress)
    {
        var values = new List<(int Depth, double Value)>();
        var path = 1.0;
        for (var depth = 0; depth < _shown.Count; depth++)
        {
            var position = _shown[depth].Position;
            if (position.SiblingProbability > 0)
            {
                values.Add((depth, path * policy.StepProbability(position.SiblingProbability, isSampled: false)));
            }

            path *= policy.StepProbability(position.Acceptance, isSampled: false);
        }

        values = [.. values.OrderByDescending(static each => each.Value)];
        var count = values.Count == 0 ? 0 : policy.NodesWorth(progress, values.Select(static each => each.Value).ToArray(), out _);
        _added.AddRange(values.Take(count).Select(static each => each.Depth));
        return _added.Sum(depth => _shown[depth].Survival * _shown[depth].Position.SiblingAcceptance);
    }

    /// <summary>The draft; null = a chain.</summary>
    public TokenTree? Tree(int length)
    {
        if (_added.Count == 0)
        {
            return null;
        }

        var tree = new TokenTree(64, 1) { MayBranch = true };
        for (var depth = 0; depth < length; depth++)
        {
            tree.Add(depth - 1, 0, (float)_shown[depth].Position.Acceptance, isSampled: false);
        }

        foreach (var depth in _added)
        {
            tree.Add(depth - 1, 1, (float)_shown[depth].Position.SiblingProbability, isSampled: false);
        }

        return tree;
    }

    /// <summary>Whether the target takes the second token where it has refused the first.</summary>
    public bool TryTake(int depth, Random random, out int node)
    {
        var position = _shown[depth].Position;
        var index = _added.IndexOf(depth);
        node = _shown.Count + index;
        return index >= 0 && random.NextDouble() < position.SiblingAcceptance / (1 - position.Acceptance);
    }
}
