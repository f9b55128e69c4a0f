namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// Turns a search into nodes of a token tree: its most visited prefixes, then each with one more token, the heaviest. What they
/// share is added once.
/// </summary>
internal sealed class TrigramDraft(TrigramSearch search, TrigramCandidates candidates, TrigramSearchOptions options)
{
    private readonly int[] _prefixes = new int[options.Prefixes];
    private int _prefixCount;
    private int _nodesLeft;
    private int _branchesLeft;

    public void AddTo(TokenTree tree, int parent, int maximumDepth)
    {
        var nodes = search.Nodes;
        FindMostVisited(nodes);
        (_nodesLeft, _branchesLeft) = (options.MaximumNodes, options.MaximumBranches);

        // A path that goes on below a node without children is no other path than the one to the node.
        _branchesLeft -= parent >= 0 && tree.FirstChild(parent) < 0 ? 1 : 0;
        nodes[0].TreeNode = parent;
        foreach (var prefix in _prefixes.AsSpan(0, _prefixCount))
        {
            ref var node = ref nodes[prefix];
            node.TreeNode = TryAdd(tree, nodes[node.Parent].TreeNode, node.Token, node.Confidence);
        }

        foreach (var prefix in _prefixes.AsSpan(0, _prefixCount))
        {
            if (nodes[prefix].Depth < maximumDepth && nodes[prefix].TreeNode >= 0)
            {
                search.FillAfter(prefix);
                if (candidates.Count > 0)
                {
                    TryAdd(tree, nodes[prefix].TreeNode, candidates.Tokens[0], candidates.ConfidenceOf(0));
                }
            }
        }
    }

    private int TryAdd(TokenTree tree, int parent, int token, float confidence)
    {
        if (parent == TrigramSearchNode.NotInTree)
        {
            return parent;
        }

        if (tree.Child(parent, token) is var child and >= 0)
        {
            return child;
        }

        var branches = parent < 0 || tree.FirstChild(parent) >= 0 ? 1 : 0;
        if (_nodesLeft == 0 || tree.Count == tree.Capacity || branches > _branchesLeft)
        {
            return TrigramSearchNode.NotInTree;
        }

        _nodesLeft--;
        _branchesLeft -= branches;
        return tree.Add(parent, token, confidence, isSampled: false);
    }

    // Of equally visited ones the earlier: so a prefix never comes before its own beginning.
    private void FindMostVisited(ReadOnlySpan<TrigramSearchNode> nodes)
    {
        _prefixCount = 0;
        for (var node = 1; node < nodes.Length; node++)
        {
            var visits = nodes[node].Visits;
            if (visits == 0 || (_prefixCount == _prefixes.Length && visits <= nodes[_prefixes[^1]].Visits))
            {
                continue;
            }

            var place = _prefixCount < _prefixes.Length ? _prefixCount++ : _prefixCount - 1;
            for (; place > 0 && nodes[_prefixes[place - 1]].Visits < visits; place--)
            {
                _prefixes[place] = _prefixes[place - 1];
            }

            _prefixes[place] = node;
        }
    }
}
