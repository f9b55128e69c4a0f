using System.Text.Json.Serialization;

namespace LlamaSpec.Measuring.Systems;

/// <summary>What one system answered to one question, and how fast.</summary>
internal sealed record MeasuredAnswer
{
    /// <summary>The answer, without the token that ends it. Not written: it would be most of the file.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> Tokens { get; init; } = [];

    public int TokenCount => Tokens.Count;

    /// <summary>Tokens after those of the first round, over the time since then; the time of the token that ends the answer counts.</summary>
    public required double TokensPerSecond { get; init; }

    public required int Rounds { get; init; }

    /// <summary>Rounds with nothing drafted; null where the system does not tell.</summary>
    public int? RoundsWithoutDraft { get; init; }

    public required int DraftedTokens { get; init; }

    public required int AcceptedTokens { get; init; }

    /// <summary>Of all rounds together; null where the system does not tell.</summary>
    public RoundTimes? Times { get; init; }

    /// <summary>Index of the first token that differs, or null when the answers are the same.</summary>
    public int? FirstDifference(MeasuredAnswer other)
    {
        var common = Tokens.Zip(other.Tokens).TakeWhile(static pair => pair.First == pair.Second).Count();
        return common == Tokens.Count && common == other.Tokens.Count ? null : common;
    }
}
