using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Results;

/// <summary>One system at one temperature.</summary>
internal sealed record SystemFigures
{
    public required SystemLabel System { get; init; }

    public required int AnswerCount { get; init; }

    /// <summary>All questions together.</summary>
    public required CategoryFigures All { get; init; }

    /// <summary>By kind, in the order of the questions.</summary>
    public required IReadOnlyList<CategoryFigures> Categories { get; init; }

    /// <summary>Over plain decoding with llama.cpp's own kernels; without questions where that was not measured.</summary>
    public required RatioEstimate ToStockPlain { get; init; }

    /// <summary>null where the system does not tell.</summary>
    public required RoundTimes? MillisecondsPerRound { get; init; }

    /// <summary>null above temperature 0, where each answer is drawn anew.</summary>
    public required GreedyIdentity? Identity { get; init; }
}
