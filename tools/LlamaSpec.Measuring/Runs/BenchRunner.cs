using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Measuring.Systems;
using LlamaSpec.Models;
using LlamaSpec.Sampling;

namespace LlamaSpec.Measuring.Runs;

/// <summary>
/// Asks every system every question: all systems before the next question, in an order that rotates, so that a machine that
/// changes its pace changes it for all.
/// </summary>
internal sealed class BenchRunner(
    IReadOnlyList<IMeasuredSystem> systems,
    ChatPrompts prompts,
    IReadOnlyList<float> temperatures,
    int repeats,
    RunProgress progress)
{
    /// <summary>An answer with fewer tokens is mostly the cost of starting.</summary>
    public const int FewestTokens = 8;

    private readonly List<Sample> _samples = [];
    private readonly List<SkippedPrompt> _skipped = [.. prompts.TooLong];

    /// <summary>Measures everything. A run that is cancelled, or loses a system, keeps what it has measured.</summary>
    /// <exception cref="MeasurementException">A system fails at once.</exception>
    /// <exception cref="ModelFailureException">A system fails at once.</exception>
    public async Task<Measurements> RunAsync(CancellationToken cancellationToken)
    {
        string? interruption = null;
        if (prompts.Fitting.Count > 0)
        {
            await WarmUpAsync(cancellationToken);
            interruption = await MeasureAllAsync(cancellationToken);
        }

        progress.Clear();
        return new Measurements
        {
            Systems = [.. systems.Select(static system => system.Label)],
            Samples = _samples,
            Skipped = _skipped,
            Interruption = interruption,
        };
    }

    // The first decode of a process touches all weights, and the first answers run code that is still being compiled.
    private async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        progress.Note("warming up");
        foreach (var system in systems)
        {
            progress.Answering(system.Label.Name);
            await AnswerAsync(system, prompts.Fitting[0], SamplingOptions.Greedy, cancellationToken);
        }
    }

    private async Task<string?> MeasureAllAsync(CancellationToken cancellationToken)
    {
        var total = repeats * temperatures.Count * prompts.Fitting.Count;
        var done = 0;
        try
        {
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                for (var temperature = 0; temperature < temperatures.Count; temperature++)
                {
                    for (var prompt = 0; prompt < prompts.Fitting.Count; prompt++)
                    {
                        progress.Asking(prompts.Fitting[prompt], temperatures[temperature], done++, total);
                        await MeasureAsync(prompt, temperature, repeat, cancellationToken);
                    }
                }
            }

            return null;
        }
        catch (Exception error) when (
            cancellationToken.IsCancellationRequested && error is OperationCanceledException or MeasurementException or ModelFailureException)
        {
            // Ctrl-C reaches a llama-server too, which may fail before the cancellation is seen.
            return "cancelled";
        }
        catch (MeasurementException error) when (error.EndsRun)
        {
            return error.Message;
        }
    }

    private async Task MeasureAsync(int promptIndex, int temperatureIndex, int repeat, CancellationToken cancellationToken)
    {
        var (prompt, temperature) = (prompts.Fitting[promptIndex], temperatures[temperatureIndex]);
        var seed = 1 + promptIndex + repeat * prompts.Fitting.Count;
        var sampling = new SamplingOptions { Temperature = temperature, Seed = (ulong)seed };
        var answers = new MeasuredAnswer?[systems.Count];
        foreach (var index in SystemOrder.Of(systems.Count, promptIndex + temperatureIndex + repeat))
        {
            if (!systems[index].AnswersAt(temperature))
            {
                continue;
            }

            var name = systems[index].Label.Name;
            progress.Answering(name);
            var problem = await TryAnswerAsync(index, prompt, sampling, answers, cancellationToken);
            if (problem is not null)
            {
                _skipped.Add(new SkippedPrompt
                {
                    PromptId = prompt.Id,
                    Temperature = temperature,
                    Repeat = repeat + 1,
                    Reason = $"{name}: {problem}",
                });
                return;
            }
        }

        _samples.Add(new Sample
        {
            PromptId = prompt.Id,
            Category = prompt.Category,
            PromptTokens = prompt.TokenCount,
            Temperature = temperature,
            Repeat = repeat + 1,
            Answers = answers,
        });
    }

    // Returns why the answer cannot be used, or null.
    private async Task<string?> TryAnswerAsync(
        int index, ChatPrompt prompt, SamplingOptions sampling, MeasuredAnswer?[] answers, CancellationToken cancellationToken)
    {
        try
        {
            var answer = answers[index] = await AnswerAsync(systems[index], prompt, sampling, cancellationToken);
            return answer switch
            {
                { TokenCount: < FewestTokens } => $"an answer of {answer.TokenCount} tokens, fewer than {FewestTokens}",
                { TokensPerSecond: <= 0 } => "an answer that could not be timed",
                _ => null,
            };
        }
        catch (Exception error) when (error is ModelFailureException or MeasurementException { EndsRun: false })
        {
            return error.Message;
        }
    }

    private static async Task<MeasuredAnswer> AnswerAsync(
        IMeasuredSystem system, ChatPrompt prompt, SamplingOptions sampling, CancellationToken cancellationToken)
    {
        try
        {
            return await system.AnswerAsync(prompt, sampling, cancellationToken);
        }
        finally
        {
            await Task.Delay(system.PauseAfter, cancellationToken);
        }
    }
}
