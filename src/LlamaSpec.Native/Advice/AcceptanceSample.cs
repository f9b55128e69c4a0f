using LlamaSpec.Models;
using LlamaSpec.Native.Kernels;
using LlamaSpec.Policies.Ldlp;
using LlamaSpec.Sampling;

namespace LlamaSpec.Native.Advice;

/// <summary>What drafts would have had right in the target's own answers. Loads nothing itself.</summary>
internal sealed class AcceptanceSample
{
    private const ulong Seed = 1;

    private readonly NativeKernels _kernels = new();
    private readonly LlamaModel _target;
    private readonly List<(float Temperature, List<RecordedAnswer> Answers)> _samples = [];

    private AcceptanceSample(LlamaModel target) => _target = target;

    /// <summary>Lets the target answer all questions at all temperatures.</summary>
    public static AcceptanceSample Record(LlamaModel target, AdvisorOptions options, Action answered, CancellationToken cancellationToken)
    {
        var sample = new AcceptanceSample(target);
        using var runner = new LlamaModelRunner(target, options.Pair.ForOneSequence(options.Pair.TargetThreadCount));
        var recorder = new AnswerRecorder(runner, target.Tokenizer.IsEndOfGeneration, sample._kernels);
        foreach (var temperature in options.Temperatures)
        {
            List<RecordedAnswer> answers = [];
            foreach (var question in options.Questions)
            {
                var prompt = target.Tokenizer.EncodeQuestion(question);
                if (prompt.Length > 0 && prompt.Length + options.MaximumTokens <= runner.CellCapacity)
                {
                    answers.Add(recorder.Record(prompt, Sampling(temperature), options.MaximumTokens, Seed, cancellationToken));
                }

                answered();
            }

            sample._samples.Add((temperature, answers));
        }

        return sample;
    }

    /// <summary>The survival of one draft's tokens at each temperature, averaged over all positions of the answers.</summary>
    public IReadOnlyList<(float Temperature, int Tokens, double[] Survival)> Survival(
        LlamaModel draft, TokenMap? map, AdvisorOptions options, CancellationToken cancellationToken)
    {
        using var runner = new LlamaModelRunner(draft, options.Pair.ForOneSequence(options.Pair.DraftThreadCount ?? 1, rowCapacity: 64));
        var recorder = new AcceptanceRecorder(runner, map, _target.Info.VocabularySize, _kernels);
        var longest = options.Pair.Engine.MaximumDraftLength;
        List<(float, int, double[])> survivals = [];
        foreach (var (temperature, answers) in _samples)
        {
            var sum = new double[longest];
            var one = new float[longest];
            var tokens = 0;
            foreach (var answer in answers)
            {
                var acceptances = recorder.Record(answer, Sampling(temperature), cancellationToken);
                for (var start = 0; start < acceptances.Length; start++, tokens++)
                {
                    AcceptanceRecorder.Survival(acceptances, start, one);
                    for (var i = 0; i < longest; i++)
                    {
                        sum[i] += one[i];
                    }
                }
            }

            survivals.Add((temperature, tokens, [.. sum.Select(value => value / Math.Max(1, tokens))]));
        }

        return survivals;
    }

    private static SamplingOptions Sampling(float temperature) => temperature == 0 ? SamplingOptions.Greedy : new SamplingOptions { Temperature = temperature };
}
