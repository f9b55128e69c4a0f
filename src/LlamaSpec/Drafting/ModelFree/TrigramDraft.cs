namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// Turns a search into nodes of a token tree: its most visited prefixes, then each with one more token, the heaviest. What they
/// share is added once.
/// </summary>
internal sealed class TrigramDraft(TrigramSearch search, TrigramCandidates candidates, TrigramNodes added, TrigramSearchOptions options)
{
    private readonly int[] _prefixes = new int[options.Prefixes];
    private int _prefixCount;

    public void AddTo(TokenTree tree, int parent, int maximumDepth)
    {
        var nodes = search.Nodes;
        FindMostVisited(nodes);
        added.Begin(tree, parent);
        nodes[0].TreeNode = parent;
        foreach (var prefix in _prefixes.AsSpan(0, _prefixCount))
        {
            ref var node = ref nodes[prefix];
            node.TreeNode = added.Add(nodes[node.Parent].TreeNode, node.Token, node.Confidence);
        }

        foreach (var prefix in _prefixes.AsSpan(0, _prefixCount))
        {
            if (nodes[prefix].Depth < maximumDepth && nodes[prefix].TreeNode != TrigramNodes.NotAdded)
            {
                search.FillAfter(prefix);
                if (candidates.Count > 0)
                {
                    added.Add(nodes[prefix].TreeNode, candidates.Tokens[0], candidates.ConfidenceOf(0));
                }
            }
        }
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
