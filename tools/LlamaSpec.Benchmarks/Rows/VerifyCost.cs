using System.Diagnostics;
using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Benchmarks.Rows;

/// <summary>V(n) of one model: the time to decode n rows of one sequence, all logits wanted, with llama.cpp's products and with ours.</summary>
/// <param name="Model">Its description.</param>
/// <param name="WeightBytes">Size of the weights, all of which a decode reads.</param>
/// <param name="ParameterCount">Number of weights; a decode of n rows takes two operations per weight and row.</param>
/// <param name="Points">One for each number of rows, from 1 on.</param>
internal sealed record VerifyCost(string Model, long WeightBytes, long ParameterCount, IReadOnlyList<VerifyCostPoint> Points)
{
    private const int DecodesOfATurn = 3;
    private static readonly SequenceId Sequence = new(0);

    /// <summary>Measures both in one context, in turn, so that a machine that changes its pace changes it for both.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Rows, threads and repeats.</param>
    /// <param name="cancellationToken">Stops between two decodes.</param>
    public static VerifyCost Measure(LlamaModel model, VerifyCostOptions options, CancellationToken cancellationToken)
    {
        using var runner = new LlamaModelRunner(model, new LlamaContextOptions
        {
            CellCapacity = options.Depth + options.MostRows,
            RowCapacity = Math.Max(options.MostRows, options.Depth),
            ThreadCount = options.ThreadCount ?? new LlamaContextOptions().ThreadCount,
        });
        var batch = new TokenBatch(runner.RowCapacity);
        Decode(runner, batch, 0, options.Depth);
        var stock = new List<double>[options.MostRows];
        var fast = new List<double>[options.MostRows];
        for (var repeat = 0; repeat < options.Repeats; repeat++)
        {
            for (var rows = 1; rows <= options.MostRows; rows++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Turn(stock, 0, rows);
                Turn(fast, options.MostRows, rows);
            }
        }

        var points = Enumerable.Range(1, options.MostRows).Select(rows => new VerifyCostPoint(rows, Statistics.Median(stock[rows - 1]), Statistics.Median(fast[rows - 1])));
        return new VerifyCost(model.Info.Description, model.Info.SizeBytes, model.Info.ParameterCount, [.. points]);

        void Turn(List<double>[] times, int mostFastRows, int rows)
        {
            runner.SetFastRows(Math.Min(1, mostFastRows), mostFastRows);
            for (var decode = 0; decode < DecodesOfATurn; decode++)
            {
                runner.TrimSequence(Sequence, options.Depth);
                var start = Stopwatch.GetTimestamp();
                Decode(runner, batch, options.Depth, rows);
                if (decode > 0)
                {
                    // The first one built the graph for this number of rows.
                    (times[rows - 1] ??= []).Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
        }
    }

    private static void Decode(LlamaModelRunner runner, TokenBatch batch, int position, int rows)
    {
        batch.Clear();
        for (var row = 0; row < rows; row++)
        {
            batch.Add((int)((position + row) * 7919L % runner.Model.VocabularySize), position + row, Sequence, wantsLogits: true);
        }

        if (batch.Count > 0 && runner.Decode(batch) is not DecodeStatus.Ok and var status)
        {
            throw new ModelFailureException($"{runner.Model.Description} could not decode {rows} rows: {status}.");
        }
    }
}
