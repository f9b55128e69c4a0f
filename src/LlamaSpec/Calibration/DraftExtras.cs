namespace LlamaSpec.Calibration;

/// <summary>What a draft's pass costs beyond one row: rows to catch up on, and further sequences.</summary>
internal static class DraftExtras
{
    // Enough rows that what one costs shows above the noise.
    private const int CatchUpRows = 8;
    private const int RoundsOfATurn = 4;
    private const int MostSequences = 4;

    /// <summary>Milliseconds of each further row of the same sequence in the first pass of a round; 0 where it does not show.</summary>
    public static double MeasureRow(RoundProbe rounds, int repeats, TimeBudget budget)
    {
        var draft = rounds.Draft!;
        var rows = Math.Min(CatchUpRows, draft.Depth - 1);
        var times = new Medians();
        for (var repeat = 0; rows > 0 && repeat < repeats && budget.Affords(RoundsOfATurn * rounds.LongestMilliseconds); repeat++)
        {
            Time(0);
            Time(rows);
        }

        return times.Has(rows) && rows > 0 ? Math.Max(0, (times[rows] - times[0]) / rows) : 0;

        void Time(int behind)
        {
            rounds.DecodeRound(2);
            draft.RollBack(behind);
            times.Add(behind, draft.Append(1 + behind));
            draft.RollBack();
        }
    }

    /// <summary>Milliseconds of each further sequence in a pass; null where the draft has but one sequence, or there was no time.</summary>
    public static double? MeasureSequence(RoundProbe rounds, int repeats, TimeBudget budget)
    {
        var draft = rounds.Draft!;
        var count = Math.Min(MostSequences, draft.SequenceCapacity);
        if (count == 1 || 2 * repeats >= draft.CellsOfSequence)
        {
            return null;
        }

        var times = new Medians();
        for (int repeat = 0, position = 0; repeat < repeats && budget.Affords(RoundsOfATurn * rounds.LongestMilliseconds); repeat++)
        {
            Time(1, ref position);
            Time(count, ref position);
        }

        return times.Has(count) ? Math.Max(0, (times[count] - times[1]) / (count - 1)) : null;

        // The first pass of another shape builds the graph, which a round of many sequences does once.
        void Time(int sequences, ref int position)
        {
            Append(sequences, ref position);
            times.Add(sequences, Append(sequences, ref position));
            draft.RollBack();
        }

        double Append(int sequences, ref int position) => draft.AppendToSequences(sequences, sequences == 1 ? 0 : position++);
    }
}
