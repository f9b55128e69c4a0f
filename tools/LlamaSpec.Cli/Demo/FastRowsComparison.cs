using LlamaSpec.Cli.Comparison;
using LlamaSpec.Engine;
using LlamaSpec.Policies;

namespace LlamaSpec.Cli.Demo;

/// <summary>Plain decoding with fast rows beside plain decoding with llama.cpp's own kernels: the same prompts, in turn.</summary>
internal static class FastRowsComparison
{
    private const int MostPrompts = 4;

    /// <summary>Measures.</summary>
    /// <param name="fast">Plain decoding with fast rows.</param>
    /// <param name="stock">The same without.</param>
    /// <param name="runner">Makes the requests.</param>
    /// <param name="options">The prompts and temperatures; the first temperature is used.</param>
    /// <param name="asked">Told before each answer.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>One sample a prompt: llama.cpp's kernels as plain, fast rows as the other.</returns>
    public static async Task<IReadOnlyList<ComparedAnswers>> MeasureAsync(
        SpeculativeEngine fast, SpeculativeEngine stock, DemoRunner runner, DemoOptions options, Action asked, CancellationToken cancellationToken)
    {
        List<ComparedAnswers> samples = [];
        for (var prompt = 0; prompt < Math.Min(MostPrompts, options.Prompts.Count); prompt++)
        {
            var request = runner.CreateRequest(prompt, options.Temperatures[0]) with { Policy = PolicyChoice.Off };
            var results = new GenerationResult[2];
            for (var turn = 0; turn < results.Length; turn++)
            {
                asked();
                var index = (turn + prompt) % results.Length;
                results[index] = await (index == 0 ? stock : fast).CompleteAsync(request, cancellationToken);
            }

            samples.Add(new ComparedAnswers(prompt, results[0], results[1]));
        }

        return samples;
    }
}
