using LlamaSpec.Measuring.Runs;

namespace LlamaSpec.Measuring.Results;

/// <summary>Compares two systems question by question, never their means. Pure.</summary>
internal static class PairedRatio
{
    /// <summary>Tokens per second of one system over those of another. The repeats of a question count as one.</summary>
    /// <param name="samples">Those of one temperature.</param>
    /// <param name="system">Index of the one.</param>
    /// <param name="reference">Index of the other; -1, where it was not measured, gives no estimate.</param>
    public static RatioEstimate Of(IEnumerable<Sample> samples, int system, int reference) => system < 0 || reference < 0 ? default : RatioEstimate.OfLogarithms(
    [
        .. samples
            .Where(sample => sample.Answers[system] is not null && sample.Answers[reference] is not null)
            .GroupBy(static sample => sample.PromptId, (_, repeats) => repeats.Average(sample =>
                Math.Log(sample.Answers[system]!.TokensPerSecond / sample.Answers[reference]!.TokensPerSecond))),
    ]);
}
