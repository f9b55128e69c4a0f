using LlamaSpec.Native.Advice;

namespace LlamaSpec.Cli.Json;

/// <summary>The advice in check --json.</summary>
/// <param name="Sentences">What to do, the most important first.</param>
/// <param name="Drafts">The candidates, the best first.</param>
internal sealed record AdviceDocument(IReadOnlyList<string> Sentences, IReadOnlyList<AdvisedDraftDocument> Drafts)
{
    public static AdviceDocument From(DraftAdvice advice) => new(
        advice.Sentences,
        [.. advice.Drafts.Select(static draft => new AdvisedDraftDocument
        {
            File = draft.DraftPath,
            WhyUnusable = draft.WhyUnusable,
            BestSpeedUp = draft.BestSpeedUp,
            Costs = draft.Costs,
            Forecasts = draft.Forecasts,
        })]);
}
