using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Measuring.WideModels;

/// <summary>One way of computing a model: decodes a text batch by batch and keeps the logits of the last batch.</summary>
internal sealed class TextLogits : IDisposable
{
    private static readonly SequenceId Sequence = new(0);

    private readonly LlamaModelRunner _runner;
    private readonly TokenBatch _batch;
    private readonly float[] _logits;

    public TextLogits(LlamaModel model, int cellCapacity, int rowsOfADecode, int? threadCount, FastRows fastRows, bool? flashAttention)
    {
        _runner = new LlamaModelRunner(model, new LlamaContextOptions
        {
            CellCapacity = cellCapacity,
            RowCapacity = rowsOfADecode,
            ThreadCount = threadCount ?? new LlamaContextOptions().ThreadCount,
            FastRows = fastRows,
            FlashAttention = flashAttention,
        });
        _batch = new TokenBatch(rowsOfADecode);
        _logits = new float[rowsOfADecode * model.Info.VocabularySize];
    }

    /// <summary>Decodes tokens that follow those decoded before, or open a new text at position 0. Their logits, row after row.</summary>
    public ReadOnlySpan<float> Decode(ReadOnlySpan<int> tokens, int position)
    {
        if (position == 0)
        {
            _runner.ReleaseSequence(Sequence);
        }

        _batch.Clear();
        for (var i = 0; i < tokens.Length; i++)
        {
            _batch.Add(tokens[i], position + i, Sequence, wantsLogits: true);
        }

        if (_runner.Decode(_batch) is not DecodeStatus.Ok and var status)
        {
            throw new ModelFailureException($"{_runner.Model.Description} could not decode {tokens.Length} tokens at position {position}: {status}.");
        }

        var columnCount = _runner.Model.VocabularySize;
        for (var row = 0; row < tokens.Length; row++)
        {
            _runner.LogitsRow(row).CopyTo(_logits.AsSpan(row * columnCount, columnCount));
        }

        return _logits.AsSpan(0, tokens.Length * columnCount);
    }

    public void Dispose() => _runner.Dispose();
}
