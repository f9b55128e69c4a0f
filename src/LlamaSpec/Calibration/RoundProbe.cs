namespace LlamaSpec.Calibration;

/// <summary>
/// Decodes as rounds run them: draft passes, draft rolled back, target decode, target rolled back. So the draft's weights have
/// left the cache when a round begins, the target's when it verifies, and llama.cpp builds its graph anew where the number of
/// rows changes.
/// </summary>
internal sealed class RoundProbe(RunnerProbe target, RunnerProbe? draft)
{
    // More passes evict no more of the target, and would take the time of a slow draft.
    private const int MostPasses = 4;
    private const int SingleDecodes = 2;
    private const int FirstPass = 0;
    private const int NextPass = 1;

    private readonly Medians _passes = new();

    public RunnerProbe Target => target;

    public RunnerProbe? Draft => draft;

    public double FirstPassMilliseconds => _passes[FirstPass];

    /// <summary>The longest round so far: the next one may take as long.</summary>
    public double LongestMilliseconds { get; private set; }

    public bool HasPasses => _passes.Has(FirstPass);

    /// <summary>That of the first pass where no round had a second.</summary>
    public double NextPassMilliseconds => _passes.Has(NextPass) ? _passes[NextPass] : FirstPassMilliseconds;

    /// <summary>V(1): a single row after a single row, as plain decoding goes.</summary>
    public double DecodeSingles(Action<double>? observe = null)
    {
        var first = target.Append(1);
        var sum = 0.0;
        for (var i = 0; i < SingleDecodes; i++)
        {
            var milliseconds = target.Append(1);
            observe?.Invoke(milliseconds);
            sum += milliseconds;
        }

        target.RollBack();
        Watch(first + sum);
        return sum / SingleDecodes;
    }

    /// <summary>V(n), n of at least 2, in a round. Returns the time of the target's decode, and that of the draft's passes.</summary>
    public (double Verify, double Passes) DecodeRound(int rows)
    {
        var passes = 0.0;
        for (var pass = 0; draft is not null && pass < Math.Min(rows - 1, MostPasses); pass++)
        {
            var milliseconds = draft.Append(1);
            _passes.Add(pass == 0 ? FirstPass : NextPass, milliseconds);
            passes += milliseconds;
        }

        draft?.RollBack();
        var verify = target.Append(rows);
        target.RollBack();
        Watch(passes + verify);
        return (verify, passes);
    }

    /// <summary>What plain decoding and a round of four rows take together: by this, settings are compared.</summary>
    public double DecodeTypically()
    {
        var round = DecodeRound(4);
        return DecodeSingles() + round.Passes + round.Verify;
    }

    /// <summary>Forgets the times so far: they were taken under other settings.</summary>
    public void Forget()
    {
        _passes.Clear();
        LongestMilliseconds = 0;
    }

    private void Watch(double milliseconds) => LongestMilliseconds = Math.Max(LongestMilliseconds, milliseconds);
}
