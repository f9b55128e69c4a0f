using LlamaSpec.Models;

namespace LlamaSpec.Contracts.Pairs;

/// <summary>A target that notes the logits of each round's anchor token: they depend on everything that its KV cache holds.</summary>
internal sealed class AnchorRecorder(IModelRunner inner) : IModelRunner
{
    /// <summary>Position of each anchor token and its logits.</summary>
    public List<(int Position, float[] Logits)> Anchors { get; } = [];

    /// <summary>Most sequences that a row of a decode had.</summary>
    public int MostPaths { get; private set; }

    public ModelInfo Model => inner.Model;

    public int RowCapacity => inner.RowCapacity;

    public int SequenceCapacity => inner.SequenceCapacity;

    public int CellCapacity => inner.CellCapacity;

    public ReadOnlySpan<float> LogitsBlock => inner.LogitsBlock;

    public DecodeStatus Decode(TokenBatch batch)
    {
        var status = inner.Decode(batch);
        var anchor = batch.WantsLogits.IndexOf((byte)1);
        if (status == DecodeStatus.Ok && anchor >= 0)
        {
            Anchors.Add((batch.Positions[anchor], inner.LogitsRow(anchor).ToArray()));
            foreach (var count in batch.SequenceCounts)
            {
                MostPaths = Math.Max(MostPaths, count);
            }
        }

        return status;
    }

    public ReadOnlySpan<float> LogitsRow(int row) => inner.LogitsRow(row);

    public ReadOnlySpan<float> HiddenRow(int row) => inner.HiddenRow(row);

    public void CopySequence(SequenceId source, SequenceId destination, int startPosition, int endPosition) =>
        inner.CopySequence(source, destination, startPosition, endPosition);

    public bool TrimSequence(SequenceId sequence, int position) => inner.TrimSequence(sequence, position);

    public void ReleaseSequence(SequenceId sequence) => inner.ReleaseSequence(sequence);

    public int SequenceLength(SequenceId sequence) => inner.SequenceLength(sequence);

    public void RequestAbort() => inner.RequestAbort();

    public void Dispose() => inner.Dispose();
}
