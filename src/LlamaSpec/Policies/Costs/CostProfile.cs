namespace LlamaSpec.Policies.Costs;

/// <summary>What decodes of a pair cost on one machine. Immutable. Times in milliseconds.</summary>
public sealed record CostProfile
{
    // Shorter than any decode, longer than any that somebody waits for.
    internal const double ShortestMilliseconds = 1e-6;
    internal const double LongestMilliseconds = 1e7;

    private const int MostCurves = 16;
    private const int MostThreads = 512;

    /// <summary>The target's decodes: one curve or more (at most 16), in ascending depth.</summary>
    public required IReadOnlyList<VerifyCurve> Verify { get; init; }

    /// <summary>The draft's passes. null (default) = no draft was measured.</summary>
    public DraftCosts? Draft { get; init; }

    /// <summary>What a round costs outside decodes: sampling, hand-over. Default 0.</summary>
    public double RoundOverheadMilliseconds { get; init; }

    /// <summary>Threads of the target that all this holds for, 1 to 512.</summary>
    public int TargetThreadCount { get; init; }

    /// <summary>Threads of the draft, 1 to 512; null = no draft was measured.</summary>
    public int? DraftThreadCount { get; init; }

    /// <summary>Fused attention; null = llama.cpp decided.</summary>
    public bool? FlashAttention { get; init; }

    /// <summary>Whether LlamaSpec's own matrix products were used.</summary>
    public bool FastRows { get; init; }

    /// <summary>Whether the short form of the calibration measured this: fewer points, fewer repeats.</summary>
    public bool IsQuick { get; init; }

    /// <summary>
    /// The time of one target decode: exact at measured points, linear between them in rows and in depth; beyond the most rows
    /// with the last slope, never below the last point; the nearest curve below the lowest and above the highest depth.
    /// </summary>
    /// <param name="rows">Rows of the decode, at least 1.</param>
    /// <param name="depth">Cells of the sequence before it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is below 1.</exception>
    public double VerifyMilliseconds(int rows, int depth)
    {
        var deeper = 0;
        while (deeper < Verify.Count && Verify[deeper].Depth < depth)
        {
            deeper++;
        }

        if (deeper == 0 || deeper == Verify.Count || Verify[deeper].Depth == depth)
        {
            return Verify[Math.Min(deeper, Verify.Count - 1)].Milliseconds(rows);
        }

        var (above, below) = (Verify[deeper - 1], Verify[deeper]);
        var (first, second) = (above.Milliseconds(rows), below.Milliseconds(rows));
        return first + ((second - first) * (depth - above.Depth) / (below.Depth - above.Depth));
    }

    /// <summary>Throws when this cannot have been measured: a time that is not above 0, points out of order, too many of them.</summary>
    /// <exception cref="ArgumentException">The message names the value and the range.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Verify);
        Check.Range(Verify.Count, 1, MostCurves, $"{nameof(Verify)}.{nameof(Verify.Count)}");
        for (var i = 0; i < Verify.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(Verify[i]);
            Verify[i].Validate();
            if (i > 0 && Verify[i].Depth <= Verify[i - 1].Depth)
            {
                throw new ArgumentException($"The curves must have ascending depths, but {Verify[i].Depth} follows {Verify[i - 1].Depth}.");
            }
        }

        Check.Range(RoundOverheadMilliseconds, 0, LongestMilliseconds, nameof(RoundOverheadMilliseconds));
        Check.Range(TargetThreadCount, 1, MostThreads, nameof(TargetThreadCount));
        if (DraftThreadCount is { } threads)
        {
            Check.Range(threads, 1, MostThreads, nameof(DraftThreadCount));
        }

        Draft?.Validate();
    }
}
