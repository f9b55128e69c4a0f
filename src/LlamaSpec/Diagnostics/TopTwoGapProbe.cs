using LlamaSpec.Models;

namespace LlamaSpec.Diagnostics;

/// <summary>
/// Measures how close a greedy choice was: the difference between the two largest logits of the target after some tokens.
/// <para>
/// The target's logits depend a little on how many rows are decoded together, so where the two are nearly equal, plain and
/// speculative decoding may choose differently, both rightly. One thread at a time.
/// </para>
/// </summary>
public sealed class TopTwoGapProbe : IDisposable
{
    /// <summary>
    /// Below this gap two texts may rightly part. Measured with 4-bit targets: where llama.cpp takes another path through its
    /// attention (one row over 512 cells and more against several), logits move by 0.1 to 0.2 on average and the largest one
    /// by up to 0.44.
    /// </summary>
    public const float NearTie = 0.5f;

    private readonly IModelRunner _runner;
    private readonly TokenBatch _batch;

    /// <summary>Makes a probe.</summary>
    /// <param name="runner">
    /// A runner over the target that the probe now owns; its cell capacity is the longest text, in tokens. Give it the threads and
    /// the attention of the run to be explained: logits depend on them a little too.
    /// </param>
    public TopTwoGapProbe(IModelRunner runner)
    {
        ArgumentNullException.ThrowIfNull(runner);
        _runner = runner;
        _batch = new TokenBatch(runner.RowCapacity);
    }

    /// <summary>The gap after <paramref name="tokens"/>, decoded as plain decoding does: the last token in a row of its own.</summary>
    /// <exception cref="ArgumentException">There are no tokens, or more than the runner has cells.</exception>
    /// <exception cref="ModelFailureException">The target could not be decoded.</exception>
    public float Measure(ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty || tokens.Length > _runner.CellCapacity)
        {
            throw new ArgumentException($"Give 1 to {_runner.CellCapacity} tokens.", nameof(tokens));
        }

        var sequence = new SequenceId(0);
        _runner.ReleaseSequence(sequence);
        var last = tokens.Length - 1;
        for (var start = 0; start < last; start += _batch.Capacity)
        {
            Decode(tokens, start, Math.Min(last, start + _batch.Capacity), sequence);
        }

        Decode(tokens, last, tokens.Length, sequence);
        float largest = float.NegativeInfinity, second = float.NegativeInfinity;
        foreach (var logit in _runner.LogitsRow(0))
        {
            if (logit > largest)
            {
                (largest, second) = (logit, largest);
            }
            else if (logit > second)
            {
                second = logit;
            }
        }

        return largest - second;
    }

    /// <inheritdoc />
    public void Dispose() => _runner.Dispose();

    private void Decode(ReadOnlySpan<int> tokens, int start, int end, SequenceId sequence)
    {
        _batch.Clear();
        for (var position = start; position < end; position++)
        {
            _batch.Add(tokens[position], position, sequence, wantsLogits: position == tokens.Length - 1);
        }

        if (_runner.Decode(_batch) != DecodeStatus.Ok)
        {
            throw new ModelFailureException("The target could not be decoded to explain a difference.");
        }
    }
}
