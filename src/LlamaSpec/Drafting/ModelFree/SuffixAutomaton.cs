using System.Diagnostics;

namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// All substrings of a text in linear space, extended token by token in amortised constant time (Blumer et al., "The smallest
/// automaton recognizing the subwords of a text", 1985). It knows the longest end of the text that occurred before, and what
/// followed there, and how often.
/// <para>
/// Arrays are sized at the start, for about 150 bytes a token; untouched parts cost address space only. When the text
/// reaches the bound, its older half is forgotten and the automaton built anew from the other, in some 10 ms for 32,768 tokens.
/// </para>
/// </summary>
public sealed class SuffixAutomaton
{
    // Enough for all texts but periodic ones, on which every suffix is known: longer matches come first, and only
    // they propose.
    private const int MostCountedSuffixes = 32;

    private const int None = -1;

    private readonly int[] _text;
    private readonly State[] _states;
    private readonly SuffixEdges _edges;
    private int _stateCount;
    private int _last;

    /// <summary>Makes an empty automaton.</summary>
    /// <param name="maximumTokens">Most tokens that it remembers, from 2 to 16,777,216.</param>
    public SuffixAutomaton(int maximumTokens)
    {
        Check.Range(maximumTokens, 2, 1 << 24, nameof(maximumTokens));
        _text = new int[maximumTokens];
        _states = new State[2 * maximumTokens];
        _edges = new SuffixEdges(3 * maximumTokens);
        Clear();
    }

    /// <summary>Most tokens that it remembers.</summary>
    public int MaximumTokens => _text.Length;

    /// <summary>Tokens that it remembers: the latest.</summary>
    public int Count { get; private set; }

    /// <summary>The longest end of the text that also ends somewhere earlier in it.</summary>
    public SuffixMatch Match => _last == 0 ? default : Shorter(_last);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _edges.Clear();
        _stateCount = 0;
        Count = 0;
        _last = AddState(0, None);
    }

    /// <summary>Takes the next token of the text.</summary>
    public void Append(int token)
    {
        if (Count == MaximumTokens)
        {
            ForgetOlderHalf();
        }

        _text[Count++] = token;
        var before = _last;
        Extend(token);
        CountContinuation(before, token);
    }

    /// <summary>
    /// What becomes of a match when a token follows that is not part of the text: the longest end of both together that occurs
    /// in the text.
    /// </summary>
    public SuffixMatch Advance(SuffixMatch match, int token)
    {
        var (state, length) = match;
        int edge;
        while ((edge = _edges.Find(state, token)) < 0 && state != 0)
        {
            state = _states[state].Link;
            length = _states[state].Length;
        }

        return edge < 0 ? default : new SuffixMatch(_edges[edge].Target, length + 1);
    }

    /// <summary>
    /// The most frequent continuation of a match, of equally frequent ones the latest.
    /// </summary>
    /// <param name="match">A match; shortened where it occurs only at the very end of the text, which nothing follows.</param>
    /// <param name="continuation">What followed.</param>
    /// <returns>False where nothing of the match has a continuation.</returns>
    public bool TryContinue(ref SuffixMatch match, out SuffixContinuation continuation)
    {
        if (match.State == _last && match.State != 0)
        {
            match = Shorter(match.State);
        }

        ref readonly var state = ref _states[match.State];
        continuation = state.BestEdge < 0 ? default : At(state.BestEdge, state.Total);
        return match.Length > 0 && state.BestEdge >= 0;
    }

    /// <summary>The most frequent continuation but one; of many only the 16 that were new last are looked at.</summary>
    /// <returns>False where a match always went on in the same way.</returns>
    public bool TrySecond(SuffixMatch match, out SuffixContinuation continuation)
    {
        ref readonly var state = ref _states[match.State];
        var second = None;
        var edge = state.FirstEdge;
        for (var i = 0; i < 16 && edge >= 0; i++, edge = _edges[edge].Next)
        {
            second = edge != state.BestEdge && (second < 0 || _edges[edge].Count > _edges[second].Count) ? edge : second;
        }

        continuation = second < 0 ? default : At(second, state.Total);
        return second >= 0;
    }

    private SuffixContinuation At(int edge, int total) => new(_edges[edge].Token, _edges[edge].Count, total);

    private SuffixMatch Shorter(int state) => new(_states[state].Link, _states[_states[state].Link].Length);

    private void Extend(int token)
    {
        var current = AddState(Count, 0);
        var state = _last;
        var edge = None;
        for (; state >= 0 && (edge = _edges.Find(state, token)) < 0; state = _states[state].Link)
        {
            _edges.Add(state, token, current, count: 0, ref _states[state].FirstEdge);
        }

        if (state >= 0)
        {
            var target = _edges[edge].Target;
            _states[current].Link = _states[target].Length == _states[state].Length + 1 ? target : Split(state, token, target);
        }

        _last = current;
    }

    // The target also stands for longer texts than those that end here now: they part.
    private int Split(int state, int token, int target)
    {
        var shorter = AddState(_states[state].Length + 1, _states[target].Link);
        for (var edge = _states[target].FirstEdge; edge >= 0; edge = _edges[edge].Next)
        {
            var copy = _edges.Add(shorter, _edges[edge].Token, _edges[edge].Target, _edges[edge].Count, ref _states[shorter].FirstEdge);
            _states[shorter].BestEdge = edge == _states[target].BestEdge ? copy : _states[shorter].BestEdge;
        }

        _states[shorter].Total = _states[target].Total;
        _states[target].Link = shorter;
        for (; state >= 0; state = _states[state].Link)
        {
            var edge = _edges.Find(state, token);
            if (edge < 0 || _edges[edge].Target != target)
            {
                break;
            }

            _edges[edge].Target = shorter;
        }

        return shorter;
    }

    // Every end of the text before the token was continued by it once more.
    private void CountContinuation(int state, int token)
    {
        for (var i = 0; i < MostCountedSuffixes && state >= 0; i++, state = _states[state].Link)
        {
            ref var counted = ref _states[state];
            var edge = _edges.Find(state, token);
            var count = ++_edges[edge].Count;
            counted.Total++;
            counted.BestEdge = counted.BestEdge < 0 || count >= _edges[counted.BestEdge].Count ? edge : counted.BestEdge;
        }
    }

    private void ForgetOlderHalf()
    {
        var kept = Count / 2;
        Array.Copy(_text, Count - kept, _text, 0, kept);
        Clear();
        for (var i = 0; i < kept; i++)
        {
            Append(_text[i]);
        }
    }

    private int AddState(int length, int link)
    {
        Debug.Assert(_stateCount < _states.Length, "A text of n tokens has at most 2n states.");
        _states[_stateCount] = new State { Length = length, Link = link, FirstEdge = None, BestEdge = None };
        return _stateCount++;
    }

    private struct State
    {
        public int Length;
        public int Link;
        public int FirstEdge;
        public int BestEdge;
        public int Total;
    }
}
