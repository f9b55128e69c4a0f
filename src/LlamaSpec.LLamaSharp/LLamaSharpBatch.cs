using System.Runtime.InteropServices;
using LLama.Native;
using LlamaSpec.Models;

namespace LlamaSpec.LLamaSharp;

/// <summary>
/// A batch in LLamaSharp's form. LLamaSharp clears and pins every row that its batch ever had room for, so that prompts, whose
/// batches are long, have one of their own.
/// </summary>
internal sealed class LLamaSharpBatch
{
    // Room that a LLamaBatch begins with.
    private const int FewRows = 128;

    private readonly LLamaBatch _short = new();
    private readonly LLamaBatch _long = new();

    /// <summary>The rows of <paramref name="batch"/>; valid until the next call.</summary>
    public LLamaBatch Fill(TokenBatch batch)
    {
        var native = batch.Count <= FewRows ? _short : _long;
        native.Clear();
        var sequences = MemoryMarshal.Cast<int, LLamaSeqId>(batch.Sequences);
        var first = 0;
        for (var row = 0; row < batch.Count; row++)
        {
            var count = batch.SequenceCounts[row];
            native.Add(batch.Tokens[row], batch.Positions[row], sequences.Slice(first, count), batch.WantsLogits[row] != 0);
            first += count;
        }

        return native;
    }
}
