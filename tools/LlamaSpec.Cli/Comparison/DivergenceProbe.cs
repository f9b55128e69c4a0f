using LlamaSpec.Diagnostics;
using LlamaSpec.Native;

namespace LlamaSpec.Cli.Comparison;

/// <summary>Measures how near to a tie the target was where two texts part. Loads the target once more, at the first need.</summary>
internal sealed class DivergenceProbe(ModelPairOptions options) : IDisposable
{
    private LlamaModel? _target;
    private TopTwoGapProbe? _probe;

    /// <summary>Describes the first difference.</summary>
    /// <param name="prompt">Index of the prompt.</param>
    /// <param name="question">Its text.</param>
    /// <param name="plainTokens">What plain decoding generated.</param>
    /// <param name="position">Index of the first token that differs.</param>
    public Divergence Measure(int prompt, string question, IReadOnlyList<int> plainTokens, int position)
    {
        _target ??= LlamaModel.Load(options.TargetPath ?? EmbeddedPair.TargetPath, new LlamaModelOptions { GpuLayerCount = options.GpuLayerCount });
        _probe ??= new TopTwoGapProbe(new LlamaModelRunner(_target, ContextOptions(options)));
        int[] common = [.. _target.Tokenizer.EncodeQuestion(question), .. plainTokens.Take(position)];
        return new Divergence(prompt, position, _probe.Measure(common));
    }

    /// <summary>A context that computes as the pair's target does: another attention path would measure another gap.</summary>
    public static LlamaContextOptions ContextOptions(ModelPairOptions options) => options.ForOneSequence(options.TargetThreadCount);

    public void Dispose()
    {
        _probe?.Dispose();
        _target?.Dispose();
    }
}
