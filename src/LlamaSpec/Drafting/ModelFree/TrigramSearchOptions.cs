namespace LlamaSpec.Drafting.ModelFree;

/// <summary>The tree search that makes drafts of tri-grams. The defaults are those of ADED (arXiv 2407.12021).</summary>
public sealed record TrigramSearchOptions
{
    /// <summary>
    /// How a draft is found. Default: the paper's tree search; <see cref="TrigramMethod.BestFirst"/> has no use for iterations, the
    /// exploration, prefixes and the time budget.
    /// </summary>
    public TrigramMethod Method { get; init; }

    /// <summary>Iterations of a search. Default 150, range 1 to 10,000.</summary>
    public int Iterations { get; init; } = 150;

    /// <summary>Tokens that a search looks ahead; a draft may be one longer. Default 4, range 1 to 32.</summary>
    public int Depth { get; init; } = 4;

    /// <summary>c1 of the selection score: how much a continuation's own weight counts. Default 32, range 0 to 1e6.</summary>
    public double ExplorationBase { get; init; } = 32;

    /// <summary>c2 of the selection score: how soon exploration grows with the visits. Default 8, range 0.001 to 1e9.</summary>
    public double ExplorationGrowth { get; init; } = 8;

    /// <summary>Most visited prefixes that become the draft. Default 24, range 1 to 1024.</summary>
    public int Prefixes { get; init; } = 24;

    /// <summary>Most nodes of a draft. Default 64, range 1 to 4096.</summary>
    public int MaximumNodes { get; init; } = 64;

    /// <summary>
    /// Most paths of a draft: each is a sequence of the target's KV cache. 1 = a chain. Default 64, range 1 to 4096.
    /// </summary>
    public int MaximumBranches { get; init; } = 64;

    /// <summary>
    /// Time after which a search ends with what it has. Default null: the iterations are the limit. With a budget the draft depends
    /// on the clock, and a seeded request may not be replayed exactly where texts are sampled.
    /// </summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Throws when a value is out of range.</summary>
    /// <exception cref="ArgumentException">The message names the value and the range.</exception>
    public void Validate()
    {
        Check.Range((int)Method, 0, (int)TrigramMethod.BestFirst, nameof(Method));
        Check.Range(Iterations, 1, 10_000, nameof(Iterations));
        Check.Range(Depth, 1, 32, nameof(Depth));
        Check.Range(ExplorationBase, 0, 1e6, nameof(ExplorationBase));
        Check.Range(ExplorationGrowth, 0.001, 1e9, nameof(ExplorationGrowth));
        Check.Range(Prefixes, 1, 1024, nameof(Prefixes));
        Check.Range(MaximumNodes, 1, 4096, nameof(MaximumNodes));
        Check.Range(MaximumBranches, 1, 4096, nameof(MaximumBranches));
        Check.Range(TimeBudget?.TotalMilliseconds ?? 1, 0.001, 60_000, nameof(TimeBudget));
    }
}
