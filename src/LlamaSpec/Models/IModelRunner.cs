namespace LlamaSpec.Models;

/// <summary>
/// One model with one KV cache: the first seam. Used by one thread at a time, except
/// <see cref="RequestAbort"/>, which any thread may call.
/// </summary>
public interface IModelRunner : IDisposable
{
    /// <summary>What the model file says of itself.</summary>
    ModelInfo Model { get; }

    /// <summary>Most rows that one <see cref="Decode"/> takes.</summary>
    int RowCapacity { get; }

    /// <summary>Number of sequences; ids run from 0.</summary>
    int SequenceCapacity { get; }

    /// <summary>KV cache cells, shared by all sequences.</summary>
    int CellCapacity { get; }

    /// <summary>
    /// Runs one forward pass over the rows of <paramref name="batch"/> and writes their KV cells.
    /// An abort that was requested before the call is forgotten.
    /// </summary>
    /// <exception cref="ModelFailureException">The backend failed for another reason than those in <see cref="DecodeStatus"/>.</exception>
    DecodeStatus Decode(TokenBatch batch);

    /// <summary>
    /// Logits of batch row <paramref name="row"/>, one per vocabulary entry, valid until the next <see cref="Decode"/>.
    /// The row must have been added with wants-logits.
    /// </summary>
    ReadOnlySpan<float> LogitsRow(int row);

    /// <summary>
    /// The logits of all rows of the last decode that wanted them, one row after the other in the batch's order, valid until the
    /// next <see cref="Decode"/>. Empty where the backend does not keep them together: then <see cref="LogitsRow"/> has them.
    /// </summary>
    ReadOnlySpan<float> LogitsBlock => default;

    /// <summary>
    /// The last hidden state of batch row <paramref name="row"/>, after the final norm and before the output matrix:
    /// <see cref="ModelInfo.HiddenSize"/> values, valid until the next <see cref="Decode"/>.
    /// The batch must have had <see cref="TokenBatch.WantsHiddenRows"/>.
    /// </summary>
    ReadOnlySpan<float> HiddenRow(int row);

    /// <summary>
    /// Makes the cells of <paramref name="source"/> at positions <paramref name="startPosition"/> to <paramref name="endPosition"/> (not included)
    /// cells of <paramref name="destination"/> too, which must end at <paramref name="startPosition"/>. Nothing is computed, nor much copied.
    /// </summary>
    void CopySequence(SequenceId source, SequenceId destination, int startPosition, int endPosition);

    /// <summary>
    /// Drops the cells of <paramref name="sequence"/> at <paramref name="position"/> and after.
    /// Returns false, with nothing changed, where the model cannot drop a part (recurrent state).
    /// </summary>
    bool TrimSequence(SequenceId sequence, int position);

    /// <summary>Drops every cell of <paramref name="sequence"/>.</summary>
    void ReleaseSequence(SequenceId sequence);

    /// <summary>Positions held for <paramref name="sequence"/>: its highest position plus one, or 0. For audits.</summary>
    int SequenceLength(SequenceId sequence);

    /// <summary>Asks a running <see cref="Decode"/> to stop soon with <see cref="DecodeStatus.Aborted"/>. Safe from any thread.</summary>
    void RequestAbort();
}
