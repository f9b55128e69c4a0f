using System.Numerics.Tensors;

namespace LlamaSpec.Policies.Ldlp;

/// <summary>An answer of the target alone, with what the target thought at each of its tokens. Immutable.</summary>
public sealed class RecordedAnswer
{
    private readonly Half[] _hiddenRows;

    internal RecordedAnswer(int[] tokens, int promptLength, bool hasEnded, Half[] hiddenRows, IReadOnlyList<RecordedDistribution> distributions)
    {
        Tokens = tokens;
        PromptLength = promptLength;
        HasEnded = hasEnded;
        _hiddenRows = hiddenRows;
        Distributions = distributions;
    }

    /// <summary>Prompt and answer.</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>Tokens of the prompt.</summary>
    public int PromptLength { get; }

    /// <summary>Tokens of the answer, with the one that ended it.</summary>
    public int AnswerLength => Tokens.Count - PromptLength;

    /// <summary>Whether the last token ends the answer; else a limit cut it short.</summary>
    public bool HasEnded { get; }

    /// <summary>What each token of the answer was drawn from; empty for a greedy answer.</summary>
    internal IReadOnlyList<RecordedDistribution> Distributions { get; }

    /// <summary>The hidden row whose logits a token of the answer was chosen by.</summary>
    /// <param name="answerToken">Index in the answer.</param>
    /// <param name="row">Receives the values; as long as a hidden row.</param>
    public void ReadHiddenRow(int answerToken, Span<float> row) =>
        TensorPrimitives.ConvertToSingle(_hiddenRows.AsSpan(answerToken * row.Length, row.Length), row);
}
