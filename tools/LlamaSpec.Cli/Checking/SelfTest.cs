using LlamaSpec.Calibration;
using LlamaSpec.Cli.Comparison;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Native;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Cli.Checking;

/// <summary>Runs a target as its own draft, and its pair, against plain decoding.</summary>
internal sealed class SelfTest(ModelPairOptions options, int maximumTokens)
{
    private const int PromptCount = 3;
    private const int DraftLength = 4;
    private static readonly string[] Prompts = [.. BuiltInPrompts.All.Take(PromptCount)];

    /// <summary>Runs the test.</summary>
    /// <param name="includesDraft">Whether the pair's draft can be used, and is tested too.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<SelfTestResult> RunAsync(bool includesDraft, CancellationToken cancellationToken)
    {
        var engineOptions = options.Engine with { MaximumDraftLength = DraftLength };

        // What is tested here is not the speed; and all engines must compute alike.
        var tested = options with { Engine = engineOptions, Calibration = CalibrationMode.Off };
        var own = tested with { DraftPath = options.TargetPath ?? EmbeddedPair.TargetPath };
        await using var engine = await ModelPair.LoadAsync(own, null, cancellationToken);
        var plain = await AnswerAsync(engine, PolicyChoice.Off, cancellationToken);
        var itself = await AnswerAsync(engine, PolicyChoice.Fixed(DraftLength), cancellationToken);
        List<Divergence> divergences = [];
        using var probe = new DivergenceProbe(options);
        Compare(plain, itself, divergences, probe);
        if (includesDraft)
        {
            await using var pair = await ModelPair.LoadAsync(tested, null, cancellationToken);
            Compare(plain, await AnswerAsync(pair, PolicyChoice.Fixed(DraftLength), cancellationToken), divergences, probe);
        }

        var drafted = itself.Sum(static result => result.Stats.DraftedTokens);
        return new SelfTestResult
        {
            AcceptanceRate = drafted == 0 ? 0 : (double)itself.Sum(static result => result.Stats.AcceptedTokens) / drafted,
            Identical = divergences.Count == 0,
            Divergences = divergences,
            DisabledReason = engine.DisabledReason,
        };
    }

    private async Task<IReadOnlyList<GenerationResult>> AnswerAsync(
        SpeculativeEngine engine, PolicyChoice policy, CancellationToken cancellationToken)
    {
        List<GenerationResult> results = [];
        foreach (var prompt in Prompts)
        {
            var request = new GenerationRequest
            {
                Messages = [ChatMessage.User(prompt)],
                MaximumTokens = maximumTokens,
                Sampling = SamplingOptions.Greedy,
                Policy = policy,
            };
            results.Add(await engine.CompleteAsync(request, cancellationToken));
        }

        return results;
    }

    private static void Compare(
        IReadOnlyList<GenerationResult> plain, IReadOnlyList<GenerationResult> speculative, List<Divergence> divergences, DivergenceProbe probe)
    {
        for (var i = 0; i < plain.Count; i++)
        {
            if (new ComparedAnswers(i, plain[i], speculative[i]).FirstDifference is { } position)
            {
                divergences.Add(probe.Measure(i, Prompts[i], plain[i].Tokens, position));
            }
        }
    }
}
