namespace LlamaSpec.Calibration;

/// <summary>How much to measure.</summary>
internal sealed record CalibrationPlan
{
    /// <summary>Numbers of rows, the most telling first: what there is no time for is interpolated.</summary>
    public required IReadOnlyList<int> RowCounts { get; init; }

    /// <summary>How many of <see cref="RowCounts"/> a profile cannot do without.</summary>
    public required int NeededRowCounts { get; init; }

    /// <summary>Cells of the sequence, ascending; what the context cannot hold is left out.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Most decodes of each number of rows at a depth.</summary>
    public required int MostRepeats { get; init; }

    /// <summary>Fewest decodes of each number of rows at a depth, whatever the time.</summary>
    public int LeastRepeats { get; init; }

    /// <summary>Rounds of each candidate where settings are compared.</summary>
    public required int TrialRepeats { get; init; }

    /// <summary>Time for all of it. The needed decodes are not bound to it unless <see cref="IsBudgetHard"/>.</summary>
    public required TimeSpan Budget { get; init; }

    /// <summary>Whether nothing is begun after <see cref="Budget"/>, even if there is no profile then.</summary>
    public bool IsBudgetHard { get; init; }

    /// <summary>Whether matrix products and slow thread counts are compared, too.</summary>
    public bool ComparesAll { get; init; }

    /// <summary>For the loading of a pair: the user waits.</summary>
    public static CalibrationPlan Quick { get; } = new()
    {
        RowCounts = [1, 2, 4, 8, 3, 6, 5, 9, 16, 12, 7, 10, 14],
        NeededRowCounts = 4,
        Depths = [64, 512],
        MostRepeats = 9,
        TrialRepeats = 5,
        Budget = TimeSpan.FromSeconds(2.5),
    };

    /// <summary>For a command that the user chose to run.</summary>
    public static CalibrationPlan Full { get; } = new()
    {
        RowCounts = [1, 2, 4, 8, 3, 6, 5, 9, 16, 12, 7, 10, 14, 11, 13, 15, 20, 24, 32, 48, 64],
        NeededRowCounts = 4,
        Depths = [64, 512, 1536],
        MostRepeats = 25,
        LeastRepeats = 3,
        TrialRepeats = 11,
        Budget = TimeSpan.FromSeconds(30),
        ComparesAll = true,
    };

    /// <summary>The plan of a form.</summary>
    public static CalibrationPlan Of(CalibrationForm form) => form == CalibrationForm.Full ? Full : Quick;
}
