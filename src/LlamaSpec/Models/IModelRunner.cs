namespace LlamaSpec.Models;

/// <summary>
/// One model with one KV cache: the first seam. Used by one thread at a time, except
/// <see cref="RequestAbort"/>, which any thread may call.
/// <para>
/// What is asked against these promises is an <see cref="ArgumentException"/> and changes nothing in the KV cache. Once disposed,
/// every call but the capacities and <see cref="Model"/> is an <see cref="ObjectDisposedException"/>; disposing again does nothing.
/// The fixtures of tests/LlamaSpec.Contracts say all of it in code: a backend derives them.
/// </para>
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
    /// Runs one forward pass over the rows of <paramref name="batch"/> and writes their KV cells. A row sees what the sequences it
    /// belongs to hold before it, rows of the batch included, and nothing else. An abort that was requested before the call is
    /// forgotten. A decode that does not end with <see cref="DecodeStatus.Ok"/> has no logits. A warm decode allocates nothing.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The batch is empty or has more than <see cref="RowCapacity"/> rows; a token is outside the vocabulary; a row belongs to no
    /// sequence, to one twice or to an unknown one; a position is not the next one of its sequence (a gap or an overlap); hidden
    /// rows are wanted, and not the logits of every row.
    /// </exception>
    /// <exception cref="ModelFailureException">The backend failed for another reason than those in <see cref="DecodeStatus"/>.</exception>
    DecodeStatus Decode(TokenBatch batch);

    /// <summary>
    /// Logits of batch row <paramref name="row"/>, one per vocabulary entry, valid until the next <see cref="Decode"/>.
    /// The row must have been added with wants-logits.
    /// </summary>
    /// <exception cref="ArgumentException">The row is none of the last decode, or did not want its logits, or that decode did not end well.</exception>
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
    /// <exception cref="ArgumentException">The row is none of the last decode, or that decode gave no hidden rows or did not end well.</exception>
    ReadOnlySpan<float> HiddenRow(int row);

    /// <summary>
    /// Makes the cells of <paramref name="source"/> at positions <paramref name="startPosition"/> to <paramref name="endPosition"/> (not included)
    /// cells of <paramref name="destination"/> too, which must end at <paramref name="startPosition"/>. Nothing is computed, nor much copied: the cells are shared, and free again
    /// when no sequence holds them.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A sequence is unknown, both are the same, the source does not hold the positions, or the destination does not end where they start.
    /// </exception>
    void CopySequence(SequenceId source, SequenceId destination, int startPosition, int endPosition);

    /// <summary>
    /// Drops the cells of <paramref name="sequence"/> at <paramref name="position"/> and after.
    /// Returns false, with nothing changed, where the model cannot drop a part (recurrent state). True where there is nothing to drop.
    /// </summary>
    /// <exception cref="ArgumentException">The sequence is unknown, or the position negative.</exception>
    bool TrimSequence(SequenceId sequence, int position);

    /// <summary>Drops every cell of <paramref name="sequence"/>.</summary>
    /// <exception cref="ArgumentException">The sequence is unknown.</exception>
    void ReleaseSequence(SequenceId sequence);

    /// <summary>Positions held for <paramref name="sequence"/>: its highest position plus one, or 0. For audits.</summary>
    /// <exception cref="ArgumentException">The sequence is unknown.</exception>
    int SequenceLength(SequenceId sequence);

    /// <summary>Asks a running <see cref="Decode"/> to stop soon with <see cref="DecodeStatus.Aborted"/>. Safe from any thread.</summary>
    void RequestAbort();
}
