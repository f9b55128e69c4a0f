using System.Runtime.InteropServices;
using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Measuring.Results;
using LlamaSpec.Measuring.Runs;
using LlamaSpec.Measuring.Systems;
using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Measuring;

/// <summary>Loads all systems, measures them in one run, and sums up.</summary>
internal static class BenchScenario
{
    /// <summary>Measures.</summary>
    /// <exception cref="ArgumentException">Options contradict each other, or the target cannot be copied so.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ModelFailureException">A model cannot be loaded, or the draft not be used.</exception>
    /// <exception cref="MeasurementException">A system does not start, or fails at once.</exception>
    /// <exception cref="NotSupportedException">Fast rows are asked for and the processor has none of the instructions.</exception>
    public static async Task<BenchDocument> RunAsync(BenchOptions options, RunProgress progress, CancellationToken cancellationToken)
    {
        options.Validate();
        var target = await MeasuredTarget.PrepareAsync(options, progress, cancellationToken);
        await using var systems = await SystemSet.LoadAsync(options, target.Path, progress, cancellationToken);
        var run = await Task.Run(() => Describe(target, systems.Options), cancellationToken);
        var prompts = ChatPrompts.Create(options.Prompts, systems.Tokenizer, options.MaximumTokens, run.ContextLength);
        var runner = new BenchRunner(systems.Systems, prompts, options.Temperatures, options.Repeats, progress);
        return BenchDocument.Create(run, await runner.RunAsync(cancellationToken));
    }

    private static RunDescription Describe(MeasuredTarget target, BenchOptions options)
    {
        string description;
        using (var model = LlamaModel.Load(target.Path))
        {
            description = model.Info.Description;
        }

        return new RunDescription
        {
            Started = DateTimeOffset.UtcNow,
            Target = ModelFile.Read(target.Path),
            TargetDescription = description,
            Copy = target.Copy,
            Draft = options.HasDraft ? ModelFile.Read(options.Pair.DraftPath!) : null,
            ServerDraft = options.ServerDraftPath is { } path ? ModelFile.Read(path) : null,
            FreshServers = [.. options.ServerSettings.Where(static setting => setting.NeedsFreshServer).Select(static setting => setting.Name)],
            LlamaVersion = LlamaBackend.LlamaVersion,
            Machine = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}",
            Rows = options.Pair.FastRows.ToString().ToLowerInvariant(),
            FastRowInstructions = LlamaBackend.FastRowInstructions,
            FastProductCount = FastRowsProbe.CountProducts(target.Path, options.Pair.FastRows),
            ProcessorCount = Environment.ProcessorCount,
            TargetThreadCount = options.TargetThreadCount,
            DraftThreadCount = options.Pair.DraftThreadCount,
            ContextLength = options.Pair.Engine.ContextLength,
            MaximumTokens = options.MaximumTokens,
            Repeats = options.Repeats,
            Prompts = options.PromptsName,
        };
    }
}
