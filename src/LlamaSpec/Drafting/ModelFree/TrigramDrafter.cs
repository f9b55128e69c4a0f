namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// Drafts by what usually follows two tokens, in a corpus and in this request's text: ADED (arXiv 2407.12021). A search finds
/// the likely paths.
/// </summary>
public sealed class TrigramDrafter : IModelFreeDrafter
{
    /// <summary>What it is called.</summary>
    public const string DrafterName = "trigram";

    // Draws of other drafters of the same request must not be the same numbers.
    private const ulong SeedOffset = 0x7472_6967_7261_6D73;

    // Measured on one core of 2024, with a table of some ten thousand pairs.
    private const double SearchMilliseconds = 0.08;
    private const double BestFirstMilliseconds = 0.02;

    private readonly TrigramOverlay _overlay;
    private readonly TrigramSearchOptions _options;
    private readonly TrigramSearch _search;
    private readonly TrigramDraft _draft;
    private readonly TrigramBestFirst _bestFirst;
    private readonly int[] _context;
    private readonly ulong _seed;
    private int _contextCount;
    private bool _hasNewTokens;
    private long _round;

    /// <summary>Makes a drafter that has seen nothing.</summary>
    /// <param name="table">What was learned before; null = the request's own text only.</param>
    /// <param name="options">The search; null = the defaults.</param>
    /// <param name="overlay">The request's own text; null = the defaults.</param>
    /// <param name="seed">Seed of the search's guesses: the same text and seed give the same drafts.</param>
    /// <param name="time">Clock of <see cref="TrigramSearchOptions.TimeBudget"/>; null = the system's.</param>
    public TrigramDrafter(
        TrigramTable? table, TrigramSearchOptions? options = null, TrigramOverlayOptions? overlay = null, ulong seed = 0, TimeProvider? time = null)
    {
        _options = options ?? new TrigramSearchOptions();
        _options.Validate();
        _seed = seed ^ SeedOffset;
        _overlay = new TrigramOverlay(overlay);
        _context = new int[_overlay.Options.ContextLength];
        var candidates = new TrigramCandidates(table, _overlay);
        _search = new TrigramSearch(candidates, _options, time ?? TimeProvider.System);
        var nodes = new TrigramNodes(_options);
        _draft = new TrigramDraft(_search, candidates, nodes, _options);
        _bestFirst = new TrigramBestFirst(candidates, nodes, _options);
    }

    /// <inheritdoc />
    public string Name => DrafterName;

    /// <inheritdoc />
    public double NominalMilliseconds => _options.Method == TrigramMethod.BestFirst ? BestFirstMilliseconds : SearchMilliseconds;

    /// <inheritdoc />
    public void Begin()
    {
        _overlay.Clear();
        (_contextCount, _round, _hasNewTokens) = (0, 0, false);
    }

    /// <inheritdoc />
    public void Append(ReadOnlySpan<int> tokens)
    {
        var added = tokens[Math.Max(0, tokens.Length - _context.Length)..];
        var kept = Math.Min(_contextCount, _context.Length - added.Length);
        _context.AsSpan(_contextCount - kept, kept).CopyTo(_context);
        added.CopyTo(_context.AsSpan(kept));
        _contextCount = kept + added.Length;
        _hasNewTokens |= added.Length > 0;
    }

    /// <inheritdoc />
    public void Propose(ReadOnlySpan<int> pending, TokenTree tree, int parent, int maximumDepth)
    {
        ArgumentNullException.ThrowIfNull(tree);
        if (_hasNewTokens)
        {
            // Once a round, however often it is asked in it; what is pending may turn out wrong, and teaches nothing.
            _overlay.Observe(_context.AsSpan(0, _contextCount));
            _hasNewTokens = false;
        }

        if (maximumDepth < 1 || _contextCount + pending.Length < 2)
        {
            return;
        }

        var (first, second) = (FromEnd(pending, 2), FromEnd(pending, 1));
        if (_options.Method == TrigramMethod.BestFirst)
        {
            _bestFirst.AddTo(tree, parent, first, second, Math.Min(_options.Depth + 1, maximumDepth));
            return;
        }

        _search.Run(first, second, Math.Min(_options.Depth, maximumDepth), _seed, _round++);
        _draft.AddTo(tree, parent, maximumDepth);
    }

    private int FromEnd(ReadOnlySpan<int> pending, int back) =>
        back <= pending.Length ? pending[^back] : _context[_contextCount - (back - pending.Length)];
}
