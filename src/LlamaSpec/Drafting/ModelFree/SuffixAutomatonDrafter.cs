namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// Drafts what followed the longest earlier occurrence of the text's end, token by token the most frequent continuation. Each
/// drafted token makes the match longer. It wins where text is copied: summaries, edits, code.
/// </summary>
public sealed class SuffixAutomatonDrafter : IModelFreeDrafter
{
    // A row of the target is not worth less.
    private const double LeastBranch = 0.1;

    private readonly SuffixAutomatonOptions _options;
    private readonly SuffixAutomaton _automaton;

    /// <summary>Makes a drafter that has seen nothing.</summary>
    /// <param name="options">Limits; null = the defaults.</param>
    public SuffixAutomatonDrafter(SuffixAutomatonOptions? options = null)
    {
        _options = options ?? new SuffixAutomatonOptions();
        _options.Validate();
        _automaton = new SuffixAutomaton(_options.MaximumTokens);
    }

    /// <inheritdoc />
    public string Name => "suffix";

    /// <inheritdoc />
    public void Begin() => _automaton.Clear();

    /// <inheritdoc />
    public void Append(ReadOnlySpan<int> tokens)
    {
        // Of a longer text the beginning would be forgotten at once.
        foreach (var token in tokens.Length > _options.MaximumTokens ? tokens[^_options.MaximumTokens..] : tokens)
        {
            _automaton.Append(token);
        }
    }

    /// <inheritdoc />
    public void Propose(ReadOnlySpan<int> pending, TokenTree tree, int parent, int maximumDepth)
    {
        ArgumentNullException.ThrowIfNull(tree);
        var match = _automaton.Match;
        foreach (var token in pending)
        {
            match = _automaton.Advance(match, token);
        }

        AddChain(match, tree, parent, maximumDepth);
        for (var i = 0; i < _options.MaximumBranches && TryAddBranch(match, tree, parent, maximumDepth); i++)
        {
        }
    }

    // The likeliest continuation that is not in the tree yet, of all that leave the chain by one step.
    private bool TryAddBranch(SuffixMatch match, TokenTree tree, int parent, int maximumDepth)
    {
        var (bestNode, bestToken, bestDepth) = (parent, -1, 0);
        var (bestMatch, reached, bestReached, bestConfidence) = (match, 1.0, LeastBranch, 0f);
        for (var (node, depth) = (parent, 0); depth < maximumDepth && TryNext(ref match, out var next); depth++)
        {
            if (_automaton.TrySecond(match, out var second)
                && tree.Child(node, second.Token) < 0
                && reached * second.Count / second.Total is var share && share > bestReached)
            {
                (bestNode, bestToken, bestDepth, bestMatch, bestReached) = (node, second.Token, depth, match, share);
                bestConfidence = MatchConfidence.Of(match.Length, second.Count, second.Total);
            }

            if ((node = tree.Child(node, next.Token)) < 0)
            {
                break;
            }

            reached *= (double)next.Count / next.Total;
            match = _automaton.Advance(match, next.Token);
        }

        var branch = bestToken < 0 ? -1 : CertainNodes.GoTo(tree, bestNode, bestToken, bestConfidence);
        if (branch >= 0)
        {
            AddChain(_automaton.Advance(bestMatch, bestToken), tree, branch, maximumDepth - bestDepth - 1);
        }

        return branch >= 0;
    }

    private void AddChain(SuffixMatch match, TokenTree tree, int node, int maximumDepth)
    {
        for (var depth = 0; depth < maximumDepth && TryNext(ref match, out var next); depth++)
        {
            node = CertainNodes.GoTo(tree, node, next.Token, MatchConfidence.Of(match.Length, next.Count, next.Total));
            if (node < 0)
            {
                return;
            }

            match = _automaton.Advance(match, next.Token);
        }
    }

    private bool TryNext(ref SuffixMatch match, out SuffixContinuation next) =>
        _automaton.TryContinue(ref match, out next) && match.Length >= _options.MinimumMatch;
}
