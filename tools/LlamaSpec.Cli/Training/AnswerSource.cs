using LlamaSpec.Models;
using LlamaSpec.Native;
using LlamaSpec.Native.Kernels;
using LlamaSpec.Policies.Ldlp;
using LlamaSpec.Sampling;

namespace LlamaSpec.Cli.Training;

/// <summary>What a target answers to questions, as tokens.</summary>
internal sealed class AnswerSource : IDisposable
{
    // The answer's first token follows two of the prompt.
    private const int ContextTokens = 2;

    private readonly LlamaModel _target;
    private readonly LlamaModelRunner _runner;
    private readonly AnswerRecorder _recorder;
    private readonly SamplingOptions _sampling;

    /// <summary>Makes a context for a loaded target.</summary>
    /// <exception cref="ModelFailureException">There is no memory for it.</exception>
    public AnswerSource(LlamaModel target, ModelPairOptions options, float temperature)
    {
        _target = target;
        _sampling = new SamplingOptions { Temperature = temperature };
        _runner = new LlamaModelRunner(target, options.ForOneSequence(options.TargetThreadCount));
        _recorder = new AnswerRecorder(_runner, target.Tokenizer.IsEndOfGeneration, new NativeKernels());
    }

    /// <summary>The answer to a question, after the last two tokens of the prompt; empty where the context has no room for it.</summary>
    public int[] Answer(string question, int maximumTokens, ulong seed, CancellationToken cancellationToken)
    {
        var prompt = _target.Tokenizer.EncodeQuestion(question);
        if (prompt.Length == 0 || prompt.Length >= _runner.CellCapacity)
        {
            return [];
        }

        var answer = _recorder.Record(prompt, _sampling, maximumTokens, seed, cancellationToken);
        return [.. answer.Tokens.Skip(answer.PromptLength - ContextTokens)];
    }

    public void Dispose() => _runner.Dispose();
}
