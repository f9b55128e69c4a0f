using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Tests.Policies;

/// <summary>What decodes take on a machine that exists in tests only. One row of the target takes 10 ms.</summary>
/// <param name="Verify">Milliseconds of a target decode of so many rows.</param>
/// <param name="PassMilliseconds">A draft pass of one row.</param>
internal sealed record SimulatedMachine(Func<int, double> Verify, double PassMilliseconds)
{
    public const double RowMilliseconds = 10;

    private const int MostRows = 80;

    /// <summary>Shapes of the target's time over its rows.</summary>
    public enum Shape
    {
        /// <summary>Each row costs the same.</summary>
        Linear,

        /// <summary>Rows come in groups of four that share a price.</summary>
        Stairs,

        /// <summary>The second row costs what three would, the next ones little, and from eight on they are dear again.</summary>
        Jump,
    }

    /// <summary>A row that a pass catches up on.</summary>
    public double MissingRowMilliseconds { get; init; } = PassMilliseconds / 10;

    /// <summary>A round outside the decodes.</summary>
    public double OverheadMilliseconds { get; init; } = 0.05;

    /// <summary>What it is, for messages.</summary>
    public string Name { get; init; } = "a machine";

    public override string ToString() => Name;

    /// <summary>A machine by its prices in units of one row of the target.</summary>
    public static SimulatedMachine Of(double pass, double slope, Shape shape = Shape.Linear) => new(
        rows => RowMilliseconds * (1 + (slope * shape switch
        {
            Shape.Linear => rows - 1,
            Shape.Stairs => 4 * ((rows - 1) / 4),
            _ => rows == 1 ? 0 : 2.5 + (0.4 * (rows - 2)) + (2 * Math.Max(0, rows - 8)),
        })),
        RowMilliseconds * pass)
    {
        Name = $"{shape}, pass {pass}, slope {slope}",
    };

    /// <summary>What a calibration would have found.</summary>
    public CostProfile Profile => new()
    {
        Verify = [new VerifyCurve(0, [.. Enumerable.Range(1, MostRows).Select(rows => new CostPoint(rows, Verify(rows)))])],
        Draft = new DraftCosts(PassMilliseconds, PassMilliseconds, MissingRowMilliseconds, PassMilliseconds / 10),
        RoundOverheadMilliseconds = OverheadMilliseconds,
        TargetThreadCount = 1,
        DraftThreadCount = 1,
    };

    /// <summary>The same machine, slower or faster as a whole.</summary>
    public SimulatedMachine Slower(double factor) => new(rows => factor * Verify(rows), factor * PassMilliseconds)
    {
        MissingRowMilliseconds = factor * MissingRowMilliseconds,
        OverheadMilliseconds = factor * OverheadMilliseconds,
    };
}
