namespace LlamaSpec.Drafting.ModelFree;

/// <summary>Adds the likeliest tokens to a tree, one after the other; each brings its continuations into the choice.</summary>
internal sealed class TrigramBestFirst
{
    private readonly TrigramCandidates _candidates;
    private readonly TrigramNodes _nodes;
    private readonly PriorityQueue<Choice, double> _choices;

    public TrigramBestFirst(TrigramCandidates candidates, TrigramNodes nodes, TrigramSearchOptions options)
    {
        _candidates = candidates;
        _nodes = nodes;
        _choices = new PriorityQueue<Choice, double>((options.MaximumNodes + 1) * TrigramTable.MostContinuations);
    }

    public void AddTo(TokenTree tree, int parent, int first, int second, int maximumDepth)
    {
        _nodes.Begin(tree, parent);
        _choices.Clear();
        AddChoices(parent, first, second, reach: 1, depthLeft: maximumDepth);
        while (_nodes.Room > 0 && _choices.TryDequeue(out var choice, out var negatedReach))
        {
            var node = _nodes.Add(choice.Parent, choice.Token, choice.Confidence);
            if (node != TrigramNodes.NotAdded)
            {
                AddChoices(node, choice.Before, choice.Token, -negatedReach, choice.DepthLeft);
            }
        }
    }

    private void AddChoices(int parent, int first, int second, double reach, int depthLeft)
    {
        if (depthLeft == 0)
        {
            return;
        }

        _candidates.Fill(first, second);
        for (var i = 0; i < _candidates.Count; i++)
        {
            var confidence = _candidates.ConfidenceOf(i);
            _choices.Enqueue(new Choice(parent, second, _candidates.Tokens[i], confidence, depthLeft - 1), -reach * confidence);
        }
    }

    private readonly record struct Choice(int Parent, int Before, int Token, float Confidence, int DepthLeft);
}
