using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Cli.Json;

/// <summary>What calibrate --json writes.</summary>
internal sealed record CalibrationDocument
{
    /// <summary>What was measured. Times in milliseconds.</summary>
    public required CostProfile Costs { get; init; }

    /// <summary>The most rows that cost, beyond the first, less than half of the first each, at the lowest depth.</summary>
    public required int CheapRows { get; init; }

    /// <summary>False when it was read from where an earlier run stored it.</summary>
    public required bool IsNew { get; init; }

    /// <summary>The file; null when it could not be stored.</summary>
    public required string? StoredIn { get; init; }
}
