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
        var request = WithDrafter(new GenerationRequest { Prompt = prompt.Text, MaximumTokens = maximumTokens, Sampling = sampling, Policy = policy });

        // Not counted. Without it the first policy of an engine would pay for the prompt's decoding in its figures, the others would
        // find the prompt in the KV cache, and whoever follows another engine would find the weights out of the processor's cache.
        await engine.CompleteAsync(request with { MaximumTokens = Math.Min(PrimingTokens, maximumTokens) }, cancellationToken);
        var result = await engine.CompleteAsync(request, cancellationToken);
        if (label.IsSpeculative && policy != PolicyChoice.Off && engine.DisabledReason is { } reason)
        {
            // A policy may decide against drafting; a drafter that is missing is another matter.
            throw new MeasurementException($"nothing was drafted: {reason}");
        }

        return Measure(result);
    }

    // The one place where the label's drafter becomes the request's.
    private GenerationRequest WithDrafter(GenerationRequest request) => label.Drafter is null or DrafterName.Model
        ? request
        : throw new MeasurementException($"{label.Name} cannot be measured: an engine has no drafter {label.Drafter}");

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
