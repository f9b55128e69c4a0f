using System.Diagnostics;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Benchmarks.Backends;

/// <summary>Measures one backend, in a process of its own.</summary>
internal static class BackendMeter
{
    private const int Depth = 64;
    private const int DecodesOfAFigure = 40;
    private const int DecodesOfARate = 200;
    private static readonly int[] RowCounts = [1, 4, 8, 16];
    private static readonly SequenceId Sequence = new(0);

    /// <summary>Measures decodes, contexts at once, and answers.</summary>
    public static async Task<BackendFigures> MeasureAsync(MeasuredBackend backend, BackendOptions options, IReadOnlyList<string> questions, CancellationToken cancellationToken)
    {
        List<DecodeFigure> decodes = [];
        double one, two;
        using (var first = backend.CreateRunner(1024))
        using (var second = backend.CreateRunner(1024))
        {
            Decode(first, 0, Depth);
            Decode(second, 0, Depth);
            decodes.AddRange(RowCounts.Select(rows => MeasureDecodes(first, rows)));
            one = RateOf([first]);
            two = RateOf([first, second]);
        }

        return new BackendFigures(decodes, one, two, await AnswerAsync(backend, options, questions, cancellationToken));
    }

    private static DecodeFigure MeasureDecodes(IModelRunner runner, int rows)
    {
        var batch = Batch(runner, Depth, rows);
        List<double> times = [];
        var allocated = 0L;
        for (var i = 0; i < DecodesOfAFigure; i++)
        {
            runner.TrimSequence(Sequence, Depth);
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            runner.Decode(batch);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
        }

        runner.TrimSequence(Sequence, Depth);
        return new DecodeFigure(rows, Statistics.Median(times), allocated);
    }

    // Decodes of one row a second, all contexts together, each on its own thread.
    private static double RateOf(IReadOnlyList<IModelRunner> runners)
    {
        var start = Stopwatch.GetTimestamp();
        Thread[] threads = [.. runners.Select(static runner => new Thread(() =>
        {
            for (var i = 0; i < DecodesOfARate; i++)
            {
                runner.Decode(Batch(runner, Depth, rows: 1));
                runner.TrimSequence(Sequence, Depth);
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        return runners.Count * DecodesOfARate / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<IReadOnlyList<AnswerFigure>> AnswerAsync(
        MeasuredBackend backend, BackendOptions options, IReadOnlyList<string> questions, CancellationToken cancellationToken)
    {
        await using var engine = await backend.StartAsync(new SpeculativeEngineOptions { ConcurrentRequests = 1, ContextLength = 1024 });
        await engine.CompleteAsync(Ask(questions[0], options, "off"), cancellationToken);
        List<AnswerFigure> answers = [];
        for (var question = 0; question < options.Questions; question++)
        {
            foreach (var policy in options.Policies)
            {
                var result = await engine.CompleteAsync(Ask(questions[question], options, policy), cancellationToken);
                var stats = result.Stats;
                answers.Add(new AnswerFigure(
                    policy, question, [.. result.Tokens], stats.GenerationMilliseconds, stats.ManagedOverheadMilliseconds,
                    stats.Rounds, stats.DraftedTokens, stats.AcceptedTokens));
            }
        }

        return answers;
    }

    private static GenerationRequest Ask(string question, BackendOptions options, string policy) => GenerationRequest.Ask(question) with
    {
        MaximumTokens = options.Tokens, IgnoreEndOfText = true, Sampling = SamplingOptions.Greedy, Policy = PolicyChoice.Parse(policy),
    };

    private static void Decode(IModelRunner runner, int position, int rows)
    {
        if (runner.Decode(Batch(runner, position, rows)) != DecodeStatus.Ok)
        {
            throw new ModelFailureException("The target could not be decoded.");
        }
    }

    private static TokenBatch Batch(IModelRunner runner, int position, int rows)
    {
        var batch = new TokenBatch(rows);
        for (var row = 0; row < rows; row++)
        {
            batch.Add((int)((position + row) * 7919L % runner.Model.VocabularySize), position + row, Sequence, wantsLogits: true);
        }

        return batch;
    }
}
