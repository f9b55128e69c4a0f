namespace LlamaSpec.Calibration;

/// <summary>Chooses between settings by what a typical round takes under each.</summary>
internal static class SettingTrial
{
    // Below this a difference is noise, or not worth the threads.
    private const double WorthwhileGain = 0.03;

    /// <summary>
    /// The candidate whose rounds are the shortest; a later one must be 3 % shorter than the best before it. The candidates
    /// take turns. The chosen one is applied at the end.
    /// </summary>
    /// <param name="candidates">The most modest one first.</param>
    /// <param name="apply">Sets one.</param>
    /// <param name="round">Runs a round and returns its milliseconds.</param>
    /// <param name="repeats">Rounds of each.</param>
    /// <param name="budget">When it is spent after a turn of all, that was the last turn.</param>
    public static T Choose<T>(IReadOnlyList<T> candidates, Action<T> apply, Func<double> round, int repeats, TimeBudget budget)
    {
        var times = new Medians();
        for (var repeat = 0; repeat < repeats && (repeat == 0 || !budget.IsSpent); repeat++)
        {
            for (var turn = 0; turn < candidates.Count; turn++)
            {
                var index = (turn + repeat) % candidates.Count;
                apply(candidates[index]);
                times.Add(index, round());
            }
        }

        var best = 0;
        for (var index = 1; index < candidates.Count; index++)
        {
            best = times[index] < (1 - WorthwhileGain) * times[best] ? index : best;
        }

        apply(candidates[best]);
        return candidates[best];
    }
}
