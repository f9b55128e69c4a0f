namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// Drafts what followed the last few tokens when they were seen last, the longest n-gram first: prompt lookup decoding. A chain.
/// Simpler than <see cref="SuffixAutomatonDrafter"/>, and it always prefers the latest place.
/// </summary>
public sealed class NGramDrafter : IModelFreeDrafter
{
    private readonly NGramOptions _options;
    private readonly int[] _text;
    private readonly NGramIndex[] _indexes;
    private readonly int[] _gram;
    private int _count;

    /// <summary>Makes a drafter that has seen nothing.</summary>
    /// <param name="options">Limits; null = the defaults.</param>
    public NGramDrafter(NGramOptions? options = null)
    {
        _options = options ?? new NGramOptions();
        _options.Validate();
        _text = new int[_options.MaximumTokens];
        _gram = new int[_options.LongestGram];
        _indexes = new NGramIndex[_options.LongestGram - _options.ShortestGram + 1];
        for (var i = 0; i < _indexes.Length; i++)
        {
            _indexes[i] = new NGramIndex(_options.LongestGram - i, _text);
        }
    }

    /// <inheritdoc />
    public string Name => "ngram";

    /// <inheritdoc />
    public void Begin()
    {
        _count = 0;
        foreach (var index in _indexes)
        {
            index.Clear();
        }
    }

    /// <inheritdoc />
    public void Append(ReadOnlySpan<int> tokens)
    {
        // Of a longer text the beginning would be forgotten at once.
        foreach (var token in tokens.Length > _text.Length ? tokens[^_text.Length..] : tokens)
        {
            if (_count == _text.Length)
            {
                ForgetOlderHalf();
            }

            Add(token);
        }
    }

    /// <inheritdoc />
    public void Propose(ReadOnlySpan<int> pending, TokenTree tree, int parent, int maximumDepth)
    {
        ArgumentNullException.ThrowIfNull(tree);
        var known = ReadEnd(pending);
        foreach (var index in _indexes)
        {
            var length = index.GramLength;
            if (length <= known && index.Find(_gram.AsSpan(_gram.Length - length)) is { Position: > 0 } found)
            {
                Copy(found, length, pending, tree, parent, maximumDepth);
                return;
            }
        }
    }

    // The last tokens of the text and what is pending after it, at the end of _gram. Returns how many there are.
    private int ReadEnd(ReadOnlySpan<int> pending)
    {
        var known = Math.Min(_gram.Length, _count + pending.Length);
        for (var back = 1; back <= known; back++)
        {
            _gram[^back] = back <= pending.Length ? pending[^back] : _text[_count - (back - pending.Length)];
        }

        return known;
    }

    // What reaches the end of the text starts over at the match, so that a repetition is continued.
    private void Copy(NGramIndex.Entry found, int length, ReadOnlySpan<int> pending, TokenTree tree, int parent, int maximumDepth)
    {
        var period = _count + pending.Length - found.Position;
        for (var (node, depth) = (parent, 0); depth < maximumDepth; depth++)
        {
            var position = found.Position + (depth % period);
            var token = position < _count ? _text[position] : pending[position - _count];
            node = CertainNodes.GoTo(tree, node, token, MatchConfidence.Of(length + depth, found.AgreeingCount, found.SeenCount));
            if (node < 0)
            {
                return;
            }
        }
    }

    private void Add(int token)
    {
        _text[_count] = token;
        foreach (var index in _indexes)
        {
            index.Add(_count);
        }

        _count++;
    }

    private void ForgetOlderHalf()
    {
        var kept = _count / 2;
        Array.Copy(_text, _count - kept, _text, 0, kept);
        Begin();
        while (_count < kept)
        {
            Add(_text[_count]);
        }
    }
}
