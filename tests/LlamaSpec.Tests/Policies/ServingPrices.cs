namespace LlamaSpec.Tests.Policies;

/// <summary>What decodes take on a machine that exists in tests only, in units of one row of the target, which takes 10 ms.</summary>
/// <param name="TargetRow">Each further row of the target.</param>
/// <param name="Pass">A draft pass of one row.</param>
/// <param name="DraftRow">Each further row of a draft pass.</param>
public readonly record struct ServingPrices(double TargetRow, double Pass, double DraftRow)
{
    private const double UnitMilliseconds = 10;

    /// <summary>Milliseconds of a target decode.</summary>
    public double Target(int rows) => UnitMilliseconds * (1 + (TargetRow * (rows - 1)));

    /// <summary>Milliseconds of a draft pass.</summary>
    public double Draft(int rows) => UnitMilliseconds * (Pass + (DraftRow * (rows - 1)));
}
