using System.Diagnostics;
using System.Globalization;
using LlamaSpec.Engine;
using LlamaSpec.Native;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Benchmarks;

/// <summary>The same requests one after another and all at once, greedily: total tokens per second, and whether the answers agree.</summary>
internal static class ConcurrencyScenario
{
    private const int AnswerTokens = 64;

    public static async Task RunAsync(
        ModelPairOptions pair, PolicyChoice[] policies, int requestCount, int repeats, TextWriter output, CancellationToken cancellationToken)
    {
        var options = pair with { Engine = new SpeculativeEngineOptions { ConcurrentRequests = requestCount, ContextLength = 512 } };
        await using var engine = await ModelPair.LoadAsync(options, null, cancellationToken);
        GenerationRequest[] requests =
        [
            .. Enumerable.Range(0, requestCount).Select(i => GenerationRequest.Ask(BenchmarkQuestions.All[i % BenchmarkQuestions.All.Length]) with
            {
                MaximumTokens = AnswerTokens,
                Sampling = SamplingOptions.Greedy,
                IgnoreEndOfText = true,
            }),
        ];

        await output.WriteLineAsync($"{engine.Target.Description}, {requestCount} requests of {AnswerTokens} tokens, llama.cpp {LlamaBackend.LlamaVersion}, {Environment.ProcessorCount} processors");
        await output.WriteLineAsync();
        await output.WriteLineAsync("| policy | one after another, tokens/s | at once, tokens/s | ratio | same answers |");
        await output.WriteLineAsync("|---|---:|---:|---:|---:|");
        foreach (var policy in policies)
        {
            GenerationRequest[] work = [.. requests.Select(request => request with { Policy = policy })];
            await MeasureAsync(OneAfterAnotherAsync, engine, work, cancellationToken);
            List<double> alone = [], together = [];
            var same = 0;
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                // Interleaved, so that a machine that changes its pace changes it for both.
                var (aloneRate, aloneAnswers) = await MeasureAsync(OneAfterAnotherAsync, engine, work, cancellationToken);
                var (togetherRate, togetherAnswers) = await MeasureAsync(AtOnceAsync, engine, work, cancellationToken);
                alone.Add(aloneRate);
                together.Add(togetherRate);
                same = aloneAnswers.Zip(togetherAnswers).Count(answers => answers.First.Tokens.SequenceEqual(answers.Second.Tokens));
            }

            var (aloneMedian, togetherMedian) = (Statistics.Median(alone), Statistics.Median(together));
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| {policy} | {aloneMedian:F0} | {togetherMedian:F0} | {togetherMedian / aloneMedian:F2} | {same} of {requestCount} |"));
        }
    }

    private static async Task<(double TokensPerSecond, GenerationResult[] Answers)> MeasureAsync(
        Func<SpeculativeEngine, GenerationRequest[], CancellationToken, Task<GenerationResult[]>> serve,
        SpeculativeEngine engine,
        GenerationRequest[] work,
        CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var answers = await serve(engine, work, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (answers.Sum(answer => answer.Tokens.Count) / seconds, answers);
    }

    private static async Task<GenerationResult[]> OneAfterAnotherAsync(SpeculativeEngine engine, GenerationRequest[] work, CancellationToken cancellationToken)
    {
        List<GenerationResult> answers = [];
        foreach (var request in work)
        {
            answers.Add(await engine.CompleteAsync(request, cancellationToken));
        }

        return [.. answers];
    }

    private static Task<GenerationResult[]> AtOnceAsync(SpeculativeEngine engine, GenerationRequest[] work, CancellationToken cancellationToken) =>
        Task.WhenAll(work.Select(request => engine.CompleteAsync(request, cancellationToken)));
}
