using LlamaSpec.Engine;

namespace LlamaSpec.Cli.Comparison;

/// <summary>One prompt, answered by plain and by speculative decoding.</summary>
internal sealed record ComparedAnswers(int Prompt, GenerationResult Plain, GenerationResult Speculative)
{
    /// <summary>Speculative over plain tokens per second, or null where an answer is too short to be timed.</summary>
    public double? Ratio => Plain.Stats.TokensPerSecond > 0 && Speculative.Stats.TokensPerSecond > 0
        ? Speculative.Stats.TokensPerSecond / Plain.Stats.TokensPerSecond
        : null;

    /// <summary>Index of the first generated token that differs, or null when the texts are the same.</summary>
    public int? FirstDifference
    {
        get
        {
            var common = Plain.Tokens.Zip(Speculative.Tokens).TakeWhile(static pair => pair.First == pair.Second).Count();
            var isSame = common == Plain.Tokens.Count && common == Speculative.Tokens.Count && Plain.FinishReason == Speculative.FinishReason;
            return isSame ? null : common;
        }
    }
}
