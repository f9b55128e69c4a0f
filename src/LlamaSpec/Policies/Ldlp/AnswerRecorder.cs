using System.Numerics.Tensors;
using LlamaSpec.Models;
using LlamaSpec.Sampling;

namespace LlamaSpec.Policies.Ldlp;

/// <summary>
/// Lets a target answer by plain decoding, and keeps the hidden row behind each token. Uses sequence 0 of the runner. One thread at
/// a time.
/// </summary>
public sealed class AnswerRecorder
{
    private static readonly SequenceId Sequence = new(0);

    private readonly IModelRunner _target;
    private readonly Func<int, bool> _isEndOfGeneration;
    private readonly IKernels _kernels;
    private readonly Sampler _sampler;
    private readonly TokenDistribution _distribution;
    private readonly TokenBatch _batch;

    /// <summary>Makes a recorder.</summary>
    /// <param name="target">The target; not owned.</param>
    /// <param name="isEndOfGeneration">Whether a token ends an answer.</param>
    /// <param name="kernels">Row arithmetic.</param>
    public AnswerRecorder(IModelRunner target, Func<int, bool> isEndOfGeneration, IKernels kernels)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(isEndOfGeneration);
        ArgumentNullException.ThrowIfNull(kernels);
        (_target, _isEndOfGeneration, _kernels) = (target, isEndOfGeneration, kernels);
        _sampler = new Sampler(kernels, target.Model.VocabularySize);
        _distribution = new TokenDistribution(target.Model.VocabularySize);
        _batch = new TokenBatch(target.RowCapacity);
    }

    /// <summary>Answers one prompt.</summary>
    /// <param name="prompt">Its tokens.</param>
    /// <param name="sampling">How tokens are chosen. Its seed is not used.</param>
    /// <param name="maximumTokens">Most tokens of the answer; fewer where the KV cache ends.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="cancellationToken">Stops before the next token.</param>
    /// <exception cref="ArgumentException">The prompt is empty, or leaves the KV cache no room for an answer.</exception>
    /// <exception cref="ModelFailureException">The target could not be decoded, or gave no valid logits.</exception>
    public RecordedAnswer Record(
        ReadOnlySpan<int> prompt, SamplingOptions sampling, int maximumTokens, ulong seed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        Check.Range(maximumTokens, 1, int.MaxValue, nameof(maximumTokens));
        Check.Range(prompt.Length, 1, _target.CellCapacity - 1, "prompt length");
        List<int> tokens = [.. prompt];
        List<RecordedDistribution> distributions = [];
        var hiddenSize = _target.Model.HiddenSize;
        var last = Math.Min(maximumTokens, _target.CellCapacity - prompt.Length);
        var hiddenRows = new Half[last * hiddenSize];
        DecodePrompt(prompt, cancellationToken);
        var hasEnded = false;
        for (var i = 0; i < last && !hasEnded; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            DecodeOne(tokens[^1], tokens.Count - 1);
            TensorPrimitives.ConvertToHalf(_target.HiddenRow(0), hiddenRows.AsSpan(i * hiddenSize, hiddenSize));
            tokens.Add(Choose([.. tokens], sampling, seed, i, distributions));
            hasEnded = _isEndOfGeneration(tokens[^1]);
        }

        return new RecordedAnswer([.. tokens], prompt.Length, hasEnded, hiddenRows, distributions);
    }

    private int Choose(int[] prefix, SamplingOptions sampling, ulong seed, int index, List<RecordedDistribution> distributions)
    {
        var row = _target.LogitsRow(0);
        int token;
        if (sampling.IsGreedy)
        {
            token = _sampler.ArgMax(row, null, prefix, sampling, out _);
        }
        else
        {
            token = _sampler.TryShape(row, null, prefix, sampling, _distribution, out _)
                ? _distribution.Sample(_kernels, CounterRandom.Uniform(seed, index, 0, DrawPurpose.Next))
                : -1;
            distributions.Add(new RecordedDistribution(_distribution));
        }

        return token >= 0 ? token : throw new ModelFailureException("The target gave logits that are no numbers: the model cannot be used.");
    }

    // All but the last token, whose row is decoded alone, as plain decoding does.
    private void DecodePrompt(ReadOnlySpan<int> prompt, CancellationToken cancellationToken)
    {
        _target.ReleaseSequence(Sequence);
        for (var start = 0; start < prompt.Length - 1; start += _batch.Capacity)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _batch.Clear();
            for (var position = start; position < Math.Min(prompt.Length - 1, start + _batch.Capacity); position++)
            {
                _batch.Add(prompt[position], position, Sequence, wantsLogits: false);
            }

            Decode();
        }
    }

    private void DecodeOne(int token, int position)
    {
        _batch.Clear();
        _batch.WantsHiddenRows = true;
        _batch.Add(token, position, Sequence, wantsLogits: true);
        Decode();
    }

    private void Decode()
    {
        var status = _target.Decode(_batch);
        if (status != DecodeStatus.Ok)
        {
            throw new ModelFailureException($"The target could not be decoded: {status}.");
        }
    }
}
