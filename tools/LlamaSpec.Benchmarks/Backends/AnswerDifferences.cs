using LlamaSpec.Diagnostics;
using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Benchmarks.Backends;

/// <summary>Explains where greedy answers part: how far the target's two largest logits are apart there.</summary>
internal sealed class AnswerDifferences : IDisposable
{
    private readonly LlamaModel _target;
    private readonly TopTwoGapProbe _probe;

    public AnswerDifferences(BackendOptions options)
    {
        _target = LlamaModel.Load(options.TargetPath, new LlamaModelOptions { GpuLayerCount = 0 });
        _probe = new TopTwoGapProbe(new LlamaModelRunner(_target, new LlamaContextOptions { CellCapacity = 1024, ThreadCount = options.Threads, FastRows = FastRows.Off }));
    }

    /// <summary>The gap where an answer leaves the expected one; null where it does not.</summary>
    public float? GapOf(int question, int[] expected, int[] answer)
    {
        var common = expected.Zip(answer).TakeWhile(static pair => pair.First == pair.Second).Count();
        return common == Math.Min(expected.Length, answer.Length)
            ? null
            : _probe.Measure([.. Prompt(BenchmarkQuestions.All[question]), .. expected[..common]]);
    }

    public void Dispose()
    {
        _probe.Dispose();
        _target.Dispose();
    }

    private int[] Prompt(string question)
    {
        var text = _target.Tokenizer.FormatChat([ChatMessage.User(question)], addAssistantTurn: true);
        return _target.Tokenizer.Encode(text, addSpecial: true, parseSpecial: true);
    }
}
