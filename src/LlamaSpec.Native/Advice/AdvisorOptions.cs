using LlamaSpec.Calibration;

namespace LlamaSpec.Native.Advice;

/// <summary>What an advisor looks at.</summary>
public sealed record AdvisorOptions
{
    /// <summary>The target, and how both models are run. Its draft is the first candidate.</summary>
    public required ModelPairOptions Pair { get; init; }

    /// <summary>Further drafts to compare with. Default none.</summary>
    public IReadOnlyList<string> OtherDraftPaths { get; init; } = [];

    /// <summary>Questions that the target answers; acceptance is measured on its answers. At least one.</summary>
    public required IReadOnlyList<string> Questions { get; init; }

    /// <summary>Tokens of an answer. Default 64.</summary>
    public int MaximumTokens { get; init; } = 64;

    /// <summary>Temperatures to measure acceptance at. Default 0 and 0.8.</summary>
    public IReadOnlyList<float> Temperatures { get; init; } = [0f, 0.8f];

    /// <summary>How thoroughly decodes are timed. Default quick: a few seconds.</summary>
    public CalibrationForm Form { get; init; } = CalibrationForm.Quick;
}
