using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Calibration;

/// <summary>A cost profile as it lies on disk.</summary>
internal sealed record ProfileDocument
{
    /// <summary>Raised when the meaning of a figure changes: files of other versions are measured anew.</summary>
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    /// <summary>What it was measured of.</summary>
    public required string Key { get; init; }

    public required CostProfile Profile { get; init; }
}
