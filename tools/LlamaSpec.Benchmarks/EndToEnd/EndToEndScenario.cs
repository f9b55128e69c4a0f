using LlamaSpec.Benchmarks.EndToEnd.Measuring;
using LlamaSpec.Benchmarks.EndToEnd.Results;
using LlamaSpec.Benchmarks.EndToEnd.Systems;
using LlamaSpec.Benchmarks.WideModels;
using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Benchmarks.EndToEnd;

/// <summary>Loads all systems, measures them in one run, and sums up.</summary>
internal static class EndToEndScenario
{
    /// <summary>Measures.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or the target cannot be widened.</exception>
    /// <exception cref="InvalidDataException">The file of questions cannot be used.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ModelFailureException">A model cannot be loaded, or the draft not be used.</exception>
    /// <exception cref="MeasurementException">A system does not start, or fails at once.</exception>
    /// <exception cref="NotSupportedException">The processor has none of the instructions that the fast rows need.</exception>
    public static async Task<EndToEndDocument> RunAsync(EndToEndOptions options, RunProgress progress, CancellationToken cancellationToken)
    {
        options.Validate();
        var questions = PromptFile.Read(options.PromptsPath, options.LimitPerCategory);
        var sourcePath = options.TargetPath ?? EmbeddedPair.TargetPath;
        var targetPath = await WidenAsync(sourcePath, options, progress, cancellationToken);
        var run = await Task.Run(() => Describe(sourcePath, targetPath, options), cancellationToken);
        await using var systems = await SystemSet.LoadAsync(options, targetPath, progress, cancellationToken);
        var prompts = ChatPrompts.Create(questions, systems.Tokenizer, options.MaximumTokens, options.ContextLength);
        var runner = new EndToEndRunner(systems.Systems, prompts, options.Temperatures, options.Repeats, progress);
        return EndToEndDocument.Create(run, await runner.RunAsync(cancellationToken));
    }

    private static async Task<string> WidenAsync(
        string sourcePath, EndToEndOptions options, RunProgress progress, CancellationToken cancellationToken)
    {
        if (options.WidenedType is not { } type)
        {
            return sourcePath;
        }

        progress.Note($"widening the target, or finding it widened ({type})");
        return (await WidenedTarget.EnsureAsync(sourcePath, new WidenOptions { Type = type }, null, cancellationToken)).Path;
    }

    private static RunDescription Describe(string sourcePath, string targetPath, EndToEndOptions options)
    {
        string description;
        using (var target = LlamaModel.Load(targetPath))
        {
            description = target.Info.Description;
        }

        return new RunDescription
        {
            Started = DateTimeOffset.UtcNow,
            Target = ModelFile.Read(targetPath),
            TargetDescription = description,
            WidenedFrom = sourcePath == targetPath ? null : Path.GetFileName(sourcePath),
            Draft = ModelFile.Read(options.DraftPath ?? EmbeddedPair.DraftPath),
            ServerDraft = options.ServerDraftPath is { } path ? ModelFile.Read(path) : null,
            LlamaVersion = LlamaBackend.LlamaVersion,
            FastRowInstructions = LlamaBackend.FastRowInstructions,
            FastProductCount = FastRowsProbe.CountProducts(targetPath),
            ProcessorCount = Environment.ProcessorCount,
            TargetThreadCount = options.TargetThreadCount,
            DraftThreadCount = options.DraftThreadCount,
            ContextLength = options.ContextLength,
            MaximumTokens = options.MaximumTokens,
            Repeats = options.Repeats,
            Prompts = Path.GetFileName(options.PromptsPath),
        };
    }
}
