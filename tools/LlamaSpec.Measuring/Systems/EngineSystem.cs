using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Measuring.Systems;

/// <summary>LlamaSpec with one policy. Several share an engine, so they must not answer at once.</summary>
internal sealed class EngineSystem(SystemLabel label, SpeculativeEngine engine, PolicyChoice policy, int maximumTokens) : IMeasuredSystem
{
    // Enough rounds for the draft to read a prompt of some thousand tokens, which it does in chunks, one a round.
    private const int PrimingTokens = 8;

    /// <summary>How long an engine's threads need to come to rest.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromMilliseconds(20);

    public SystemLabel Label => label;

    public TimeSpan PauseAfter => Pause;

    public bool AnswersAt(float temperature) => true;

    public async Task<MeasuredAnswer> AnswerAsync(ChatPrompt prompt, SamplingOptions sampling, CancellationToken cancellationToken)
    {
        var request = new GenerationRequest
        {
            Prompt = prompt.Text,
            MaximumTokens = maximumTokens,
            Sampling = sampling,
            Policy = policy,
            Drafter = label.Drafter is null ? null : DrafterChoice.Parse(label.Drafter),
        };

        // Not counted. Without it the first policy of an engine would pay for the prompt's decoding in its figures, the others would
        // find the prompt in the KV cache, and whoever follows another engine would find the weights out of the processor's cache.
        await engine.CompleteAsync(request with { MaximumTokens = Math.Min(PrimingTokens, maximumTokens) }, cancellationToken);
        var result = await engine.CompleteAsync(request, cancellationToken);
        if (label.Drafter == DrafterChoice.ModelName && policy != PolicyChoice.Off && engine.DisabledReason is { } reason)
        {
            // A policy may decide against drafting; a model that is missing is another matter.
            throw new MeasurementException($"nothing was drafted: {reason}");
        }

        return Measure(result);
    }

    private static MeasuredAnswer Measure(GenerationResult result)
    {
        var stats = result.Stats;
        return new MeasuredAnswer
        {
            Tokens = result.Tokens,
            TokensPerSecond = stats.TokensPerSecond,
            Rounds = stats.Rounds,
            RoundsWithoutDraft = stats.RoundsWithoutDraft,
            DraftedTokens = stats.DraftedTokens,
            AcceptedTokens = stats.AcceptedTokens,
            Times = new RoundTimes(
                stats.DraftMilliseconds, stats.VerifyMilliseconds, stats.SampleMilliseconds, stats.ManagedOverheadMilliseconds),
        };
    }
}
