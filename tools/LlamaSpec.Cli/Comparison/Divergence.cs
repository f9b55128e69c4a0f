using System.Globalization;
using System.Text.Json.Serialization;
using LlamaSpec.Diagnostics;

namespace LlamaSpec.Cli.Comparison;

/// <summary>Where two texts part.</summary>
/// <param name="Prompt">Index of the prompt, from 0.</param>
/// <param name="Position">Index of the first generated token that differs, from 0.</param>
/// <param name="TopTwoGap">Difference of the target's two largest logits there; near 0 = a near-tie.</param>
internal sealed record Divergence(int Prompt, int Position, float TopTwoGap)
{
    [JsonIgnore]
    public bool IsNearTie => TopTwoGap < TopTwoGapProbe.NearTie;

    /// <summary>What happened, in a sentence.</summary>
    public string Explain() => string.Create(
        CultureInfo.InvariantCulture,
        $"prompt {Prompt + 1} parts at token {Position + 1}, where the target's two largest logits are {TopTwoGap:0.####} apart: {Verdict}.");

    private string Verdict => IsNearTie
        ? "a near-tie, which a batch of another shape may round the other way; both texts are right"
        : "more than rounding explains, please report it";
}
