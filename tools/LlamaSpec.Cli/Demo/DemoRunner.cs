using LlamaSpec.Cli.Comparison;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Cli.Demo;

/// <summary>
/// Measures plain and speculative decoding side by side: all variants of a prompt before the next prompt, in an order that
/// rotates, so that a machine that grows slower does so for all.
/// </summary>
internal sealed class DemoRunner(SpeculativeEngine plain, SpeculativeEngine speculative, DemoOptions options, DivergenceProbe probe)
{
    private const int WarmUpTokens = 16;

    /// <summary>Runs each engine once, unmeasured: the first decode touches all weights.</summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        var request = CreateRequest(0, 0) with { MaximumTokens = WarmUpTokens };
        await plain.CompleteAsync(request, cancellationToken);
        await speculative.CompleteAsync(request with { Policy = options.Policies[0] }, cancellationToken);
    }

    /// <summary>Measures all prompts at one temperature. One list of samples for each policy.</summary>
    /// <param name="temperature">The temperature.</param>
    /// <param name="asked">Told before each answer.</param>
    /// <param name="cancellationToken">Stops the measurement.</param>
    public async Task<IReadOnlyList<IReadOnlyList<ComparedAnswers>>> MeasureAsync(float temperature, Action asked, CancellationToken cancellationToken)
    {
        List<ComparedAnswers>[] samples = [.. options.Policies.Select(static _ => new List<ComparedAnswers>())];
        PolicyChoice?[] variants = [null, .. options.Policies];
        for (var prompt = 0; prompt < options.Prompts.Count; prompt++)
        {
            var results = new GenerationResult[variants.Length];
            for (var turn = 0; turn < variants.Length; turn++)
            {
                asked();
                var index = (turn + prompt) % variants.Length;
                var request = CreateRequest(prompt, temperature) with { Policy = variants[index] };
                results[index] = await (index == 0 ? plain : speculative).CompleteAsync(request, cancellationToken);
            }

            for (var policy = 0; policy < samples.Length; policy++)
            {
                samples[policy].Add(new ComparedAnswers(prompt, results[0], results[policy + 1]));
            }
        }

        return samples;
    }

    /// <summary>The result of one temperature and policy.</summary>
    public DemoResult Summarize(float temperature, PolicyChoice policy, IReadOnlyList<ComparedAnswers> samples)
    {
        List<Divergence> divergences = [];
        foreach (var sample in samples)
        {
            if (sample.FirstDifference is { } position)
            {
                divergences.Add(probe.Measure(sample.Prompt, options.Prompts[sample.Prompt], sample.Plain.Tokens, position));
            }
        }

        return DemoFigures.Compute(temperature, policy, samples, divergences, speculative.DisabledReason);
    }

    /// <summary>What is asked for one prompt.</summary>
    public GenerationRequest CreateRequest(int prompt, float temperature) => new()
    {
        Messages = [ChatMessage.User(options.Prompts[prompt])],
        MaximumTokens = options.MaximumTokens,
        Sampling = new SamplingOptions { Temperature = temperature, Seed = options.Seed + (ulong)prompt },
    };
}
