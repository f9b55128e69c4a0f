using System.Globalization;
using LlamaSpec.Models;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Native.Advice;

/// <summary>Turns measurements into words. Pure.</summary>
internal static class AdviceWriter
{
    // Less than this is within the noise of the measurement and of the prompts.
    private const double WorthWhile = 1.03;

    // A quarter of a row more for each row: what eats up an acceptance of about a half together with the draft's own passes.
    private const double DearRow = 0.25;

    // Above this share of a target's row the passes, not their tokens, decide (arXiv 2402.01528, section 4).
    private const double SlowDraft = 0.3;

    // The types that LlamaSpec's own products cover; others are left to llama.cpp.
    private static readonly string[] FastTypes = ["Q8_0", "Q4_0", "F16", "BF16"];

    /// <summary>What to do about the candidates.</summary>
    public static IReadOnlyList<string> Write(ModelInfo target, IReadOnlyList<DraftAssessment> drafts)
    {
        List<string> sentences = [];
        var usable = drafts.Where(static draft => draft.WhyUnusable is null).ToList();
        if (usable.Count == 0)
        {
            sentences.Add("None of the drafts can be used: decode plainly.");
        }
        else
        {
            var best = usable[0];
            sentences.Add(Verdict(best, usable.Count > 1));
            sentences.AddRange(best.Forecasts.Select(AtTemperature));
            sentences.AddRange(Costs(best));
        }

        sentences.AddRange(usable.Skip(1).Select(static draft => Text($"{Name(draft)} would bring {draft.BestSpeedUp:0.00}x: {Comparison(draft)}.")));
        sentences.AddRange(drafts.Where(static draft => draft.WhyUnusable is not null).Select(static draft => $"{Name(draft)} cannot be used: {draft.WhyUnusable}."));
        if (Quantisation(target, usable.FirstOrDefault()?.Costs) is { } quantisation)
        {
            sentences.Add(quantisation);
        }

        return sentences;
    }

    private static string Verdict(DraftAssessment best, bool hasOthers)
    {
        var use = hasOthers ? $"Use {Name(best)}" : "Use the draft";
        return best.BestSpeedUp >= WorthWhile
            ? Text($"{use}: up to {best.BestSpeedUp:0.00}x plain decoding is to be expected here. The policy auto finds the length.")
            : Text($"Leave drafting off with these models on this machine (the best length is expected to bring {best.BestSpeedUp:0.00}x). The policy auto does so by itself.");
    }

    private static string AtTemperature(TemperatureForecast forecast)
    {
        var best = forecast.Best;
        var accepted = forecast.Survival.Count == 0 ? 0 : forecast.Survival[0];
        var measured = Text($"At temperature {forecast.Temperature} the target accepts {accepted:P0} of first tokens (on {forecast.Tokens} tokens of its own answers)");
        return best.Length == 0
            ? $"{measured}: less than a drafted token costs, so the best length is 0."
            : Text($"{measured}: the best fixed length is {best.Length}, {best.TokensPerRound:0.00} tokens in {best.RoundMilliseconds:0.00} ms, {best.SpeedUp:0.00}x.");
    }

    private static IEnumerable<string> Costs(DraftAssessment best)
    {
        var costs = best.Costs!;
        var row = costs.VerifyMilliseconds(1, 0);
        var pass = costs.Draft!.FirstPassMilliseconds;
        yield return Text($"A draft pass takes {pass:0.00} ms with {Threads(costs.DraftThreadCount)}, {pass / row:P0} of a target's row ({row:0.00} ms with {Threads(costs.TargetThreadCount)}).");
        if (pass > SlowDraft * row)
        {
            yield return Text($"That is much: the latency of a draft follows its layers ({best.Draft!.LayerCount} here), not its parameters. A draft with fewer, wider layers or a trimmed vocabulary would help more than a better one.");
        }

        var slope = (costs.VerifyMilliseconds(4, 0) / row - 1) / 3;
        yield return slope > DearRow
            ? Text($"Extra rows are dear: four cost {costs.VerifyMilliseconds(4, 0) / row:0.00} times one, so each drafted token must be accepted with a probability above {Math.Min(1, slope + (costs.Draft.NextPassMilliseconds / row)):0.00} to pay.")
            : Text($"Extra rows are cheap: four cost {costs.VerifyMilliseconds(4, 0) / row:0.00} times one.");
    }

    private static string Comparison(DraftAssessment draft)
    {
        var costs = draft.Costs!;
        var accepted = draft.Forecasts.Count == 0 || draft.Forecasts[0].Survival.Count == 0 ? 0 : draft.Forecasts[0].Survival[0];
        return Text($"a pass of {costs.Draft!.FirstPassMilliseconds:0.00} ms, {accepted:P0} of first tokens accepted");
    }

    // What the weights make of extra rows; figures in docs/benchmarks.md.
    private static string? Quantisation(ModelInfo target, CostProfile? costs)
    {
        var type = target.Description.Split(' ').LastOrDefault(static word => word.Contains('_', StringComparison.Ordinal) || word is "F16" or "BF16" or "F32");
        if (type is null || costs is null)
        {
            return null;
        }

        return type switch
        {
            "Q4_1" => "The target's weights are Q4_1, which neither llama.cpp repacks nor LlamaSpec's own products cover: the same model as Q4_0 was measured to be twice as fast at every number of rows, and as Q8_0 or F16 its extra rows are nearly free. Requantising brings more than any draft.",
            _ when !FastTypes.Contains(type) => $"LlamaSpec's own products do not cover {type} weights: the same model as Q4_0 or Q8_0 has cheaper extra rows.",
            _ when !costs.FastRows => $"Fast rows are off: with them, extra rows of {type} weights are cheaper.",
            _ => null,
        };
    }

    private static string Threads(int? count) => count == 1 ? "one thread" : Text($"{count} threads");

    private static string Name(DraftAssessment draft) => Path.GetFileName(draft.DraftPath);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
