using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Measuring.Systems;

/// <summary>Whether the fast rows do anything for a target: on and off are the same where none of its weights fits them.</summary>
internal static class FastRowsProbe
{
    private const int Rows = 2;

    /// <summary>Matrix products of a decode of two rows that LlamaSpec's own kernels compute.</summary>
    /// <exception cref="NotSupportedException">They are asked for and the processor has none of the instructions.</exception>
    public static long CountProducts(string targetPath, FastRows rows)
    {
        using var model = LlamaModel.Load(targetPath);
        using var runner = new LlamaModelRunner(model, new LlamaContextOptions { CellCapacity = 256, RowCapacity = Rows, FastRows = rows });
        var batch = new TokenBatch(Rows);
        for (var position = 0; position < Rows; position++)
        {
            batch.Add(0, position, new SequenceId(0), wantsLogits: true);
        }

        return runner.Decode(batch) == DecodeStatus.Ok ? runner.FastProductCount : 0;
    }
}
