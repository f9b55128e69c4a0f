using LlamaSpec.Calibration;
using LlamaSpec.Models;
using LlamaSpec.Native.Calibration;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Native.Advice;

/// <summary>
/// Says which draft is worth using with a target on this machine, and what to expect: measured draft latency, the cost of extra
/// rows, and acceptance on the target's own answers ("Decoding Speculative Decoding", arXiv 2402.01528: latency decides).
/// </summary>
public static class DraftAdvisor
{
    // An answer of an ordinary length: shallow enough that attention does not hide what the weights cost.
    private const int Depth = 256;

    /// <summary>Measures every draft with the target. Takes some seconds a draft with small models, in the quick form.</summary>
    /// <param name="options">What to look at.</param>
    /// <param name="progress">Told what is being done, from a pool thread. What it throws is thrown from here.</param>
    /// <param name="cancellationToken">Stops it between two decodes.</param>
    /// <exception cref="ArgumentException">There is no draft or no question, or an option is out of range.</exception>
    /// <exception cref="FileNotFoundException">The target's file does not exist.</exception>
    /// <exception cref="ModelFailureException">The target cannot be loaded. A draft that cannot be used is part of the advice.</exception>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static Task<DraftAdvice> AdviseAsync(AdvisorOptions options, IProgress<CalibrationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Pair.Validate();
        string[] drafts = [.. (options.Pair.DraftPathInUse is { } own ? (string[])[own] : []).Concat(options.OtherDraftPaths).Distinct()];
        if (drafts.Length == 0)
        {
            throw new ArgumentException("There is no draft to advise on: give DraftPath, or OtherDraftPaths.", nameof(options));
        }

        if (options.Questions.Count == 0)
        {
            throw new ArgumentException("Acceptance is measured on answers: give at least one question.", nameof(options));
        }

        return Task.Run(() => AdviseOn(drafts, options, progress, cancellationToken), cancellationToken);
    }

    private static async Task<DraftAdvice> AdviseOn(
        string[] drafts, AdvisorOptions options, IProgress<CalibrationProgress>? progress, CancellationToken cancellationToken)
    {
        var path = options.Pair.TargetPath ?? EmbeddedPair.TargetPath;
        var modelOptions = new LlamaModelOptions { GpuLayerCount = options.Pair.GpuLayerCount };
        using var target = LlamaModel.Load(path, modelOptions, null, cancellationToken);
        var answers = options.Questions.Count * options.Temperatures.Count;
        var (done, total) = (0, answers + drafts.Length);
        var sample = AcceptanceSample.Record(
            target, options, () => progress?.Report(new CalibrationProgress("the target's answers", ++done, total)), cancellationToken);
        List<DraftAssessment> assessments = [];
        foreach (var draft in drafts)
        {
            progress?.Report(new CalibrationProgress(Path.GetFileName(draft), done++, total));
            assessments.Add(await AssessAsync(target, draft, sample, options, cancellationToken).ConfigureAwait(false));
        }

        progress?.Report(new CalibrationProgress("done", total, total));
        assessments = [.. assessments.OrderByDescending(static assessment => assessment.BestSpeedUp)];
        return new DraftAdvice
        {
            TargetPath = path,
            Target = target.Info,
            Drafts = assessments,
            Sentences = AdviceWriter.Write(target.Info, assessments),
        };
    }

    private static async Task<DraftAssessment> AssessAsync(
        LlamaModel target, string path, AcceptanceSample sample, AdvisorOptions options, CancellationToken cancellationToken)
    {
        try
        {
            using var draft = LlamaModel.Load(path, new LlamaModelOptions { GpuLayerCount = options.Pair.DraftGpuLayerCountInUse }, null, cancellationToken);
            var fitness = DraftFitness.Of(target.ReadTraits(), draft.ReadTraits());
            if (!fitness.IsUsable)
            {
                return new DraftAssessment { DraftPath = path, Draft = draft.Info, WhyUnusable = fitness.WhyUnusable };
            }

            var survivals = sample.Survival(draft, fitness.Vocabularies!.TokenMap, options, cancellationToken);
            var pair = options.Pair with { TargetPath = target.FilePath, DraftPath = path, UseDraft = true };
            var costs = await PairCalibration.MeasureAsync(pair, options.Form, null, cancellationToken).ConfigureAwait(false);
            return new DraftAssessment
            {
                DraftPath = path,
                Draft = draft.Info,
                Costs = costs,
                Forecasts =
                [
                    .. survivals.Select(found => new TemperatureForecast(
                        found.Temperature, found.Tokens, found.Survival, LengthForecast.Compute(costs, found.Survival, Depth))),
                ],
            };
        }
        catch (Exception error) when (error is ModelFailureException or FileNotFoundException)
        {
            return new DraftAssessment { DraftPath = path, WhyUnusable = error.Message.TrimEnd('.') };
        }
    }
}
