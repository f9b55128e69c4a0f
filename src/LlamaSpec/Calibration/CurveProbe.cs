using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Calibration;

/// <summary>Measures the staircase V(n) at one depth.</summary>
internal static class CurveProbe
{
    /// <summary>
    /// Sweeps over the numbers of rows, each sweep from another start, so that a noisy moment hits all of them. null when the
    /// time did not suffice for those that a profile needs.
    /// </summary>
    /// <param name="rounds">Both models, filled to the depth.</param>
    /// <param name="plan">What to measure.</param>
    /// <param name="budget">For what a profile needs.</param>
    /// <param name="share">The part of it for everything else at this depth.</param>
    /// <param name="advance">Told after each number of rows.</param>
    public static VerifyCurve? Measure(RoundProbe rounds, CalibrationPlan plan, TimeBudget budget, TimeBudget share, Action advance)
    {
        var rowCounts = plan.RowCounts.Where(rows => rows <= rounds.Target.MostRows).ToList();
        var needed = Math.Min(plan.NeededRowCounts, rowCounts.Count);
        var times = new Medians();
        for (var i = 0; i < rowCounts.Count; i++)
        {
            if (i < needed && plan.IsBudgetHard && !budget.Affords(rounds.LongestMilliseconds))
            {
                return null;
            }

            if (i >= needed && plan.LeastRepeats == 0 && !share.Affords(rounds.LongestMilliseconds))
            {
                rowCounts.RemoveRange(i, rowCounts.Count - i);
                break;
            }

            Measure(rounds, rowCounts[i], times);
            advance();
        }

        for (var sweep = 1; sweep < plan.MostRepeats; sweep++)
        {
            // A start that moved by the same step each time would leave a number of rows in step with a periodic disturbance.
            var start = sweep * (sweep + 1) / 2;
            for (var turn = 0; turn < rowCounts.Count; turn++)
            {
                if (!share.Affords(rounds.LongestMilliseconds) && sweep >= plan.LeastRepeats)
                {
                    return ToCurve();
                }

                Measure(rounds, rowCounts[(start + turn) % rowCounts.Count], times);
                advance();
            }
        }

        return ToCurve();

        VerifyCurve ToCurve() => new(rounds.Target.Depth, [.. times.Keys.Select(rows => new CostPoint(rows, times[rows]))]);
    }

    private static void Measure(RoundProbe rounds, int rows, Medians times)
    {
        if (rows == 1)
        {
            rounds.DecodeSingles(milliseconds => times.Add(1, milliseconds));
        }
        else
        {
            times.Add(rows, rounds.DecodeRound(rows).Verify);
        }
    }
}
