using LlamaSpec.Cli.Terminals;
using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Cli.Checking;

/// <summary>Both models of a pair, loaded to look at them, and whether they fit.</summary>
internal sealed class PairInspection : IDisposable
{
    private PairInspection(LlamaModel target, LlamaModel? draft, bool? isCompatible, string reason, IReadOnlyList<VocabularyDifference> differences)
    {
        Target = target;
        Draft = draft;
        IsCompatible = isCompatible;
        Reason = reason;
        Differences = differences;
    }

    public LlamaModel Target { get; }

    public LlamaModel? Draft { get; }

    /// <summary>null when no draft was given.</summary>
    public bool? IsCompatible { get; }

    public string Reason { get; }

    public IReadOnlyList<VocabularyDifference> Differences { get; }

    /// <summary>Loads both. A draft that does not load is a finding, a target that does not is an error.</summary>
    public static PairInspection Load(ModelPairOptions options, Terminal terminal, CancellationToken cancellationToken)
    {
        using var status = new StatusLine(terminal);
        status.Show("loading the target");
        var target = LlamaModel.Load(options.TargetPath ?? EmbeddedPair.TargetPath, new LlamaModelOptions { GpuLayerCount = options.GpuLayerCount }, null, cancellationToken);
        if (!options.UseDraft || options.DraftPath is null)
        {
            return new PairInspection(target, null, null, "no draft was given", []);
        }

        LlamaModel? draft = null;
        try
        {
            status.Show("loading the draft");
            draft = LlamaModel.Load(options.DraftPath, new LlamaModelOptions { GpuLayerCount = options.DraftGpuLayerCountInUse }, null, cancellationToken);
            return Compare(target, draft);
        }
        catch (Exception error) when (error is ModelFailureException or FileNotFoundException)
        {
            return new PairInspection(target, draft, false, ErrorReport.OneLine(error.Message), []);
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Target.Dispose();
        Draft?.Dispose();
    }

    private static PairInspection Compare(LlamaModel target, LlamaModel draft)
    {
        var fitness = DraftFitness.Of(target.ReadTraits(), draft.ReadTraits());
        var reason = fitness switch
        {
            { WhyUnusable: { } fault } => fault,
            { Vocabularies.TokenMap: { } map } => $"the draft has a token map for this target: {map.RowCount - map.RowsWithoutToken.Length} of its {map.TargetVocabularySize} tokens",
            _ => "the vocabularies agree",
        };
        return new PairInspection(target, draft, fitness.IsUsable, reason, fitness.Vocabularies?.Differences ?? []);
    }
}
