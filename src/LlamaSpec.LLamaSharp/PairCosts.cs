using System.Globalization;
using System.Runtime.CompilerServices;
using LLama.Abstractions;
using LLama.Native;
using LlamaSpec.Calibration;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.LLamaSharp;

/// <summary>What the decodes of a pair over LLamaSharp cost on this machine: kept from one load to the next, or measured.</summary>
internal static class PairCosts
{
    /// <summary>Names a pair by what its models say of themselves, whose files need not be known, and by what decides their speed.</summary>
    /// <param name="target">The target.</param>
    /// <param name="draft">The draft; null = none.</param>
    public static string KeyOf(PairMember target, PairMember? draft) => MachineKey.Of(
    [
        .. FactsOf("target", target),
        .. draft is null ? ["no draft"] : FactsOf("draft", draft),
        string.Create(CultureInfo.InvariantCulture, $"LLamaSharp {Unsafe.SizeOf<LLamaContextParams>()} {LoadedLlama.TryFindFile()} {typeof(PairCosts).Assembly.GetName().Version}"),
    ]);

    /// <summary>Measures a pair whose caches are empty. null where there was no time.</summary>
    public static CostProfile? Measure(
        LLamaSharpRunner target, LLamaSharpRunner? draft, int requestCount, CalibrationPlan plan, IProgress<CalibrationProgress>? progress, CancellationToken cancellationToken)
    {
        return PairCalibrator.Measure(Subject(target), draft is null ? null : Subject(draft), plan, TimeProvider.System, progress, cancellationToken);

        CalibratedModel Subject(LLamaSharpRunner runner) => new(runner, runner.ThreadCount) { CellsOfSequence = runner.CellCapacity / requestCount };
    }

    private static IEnumerable<string> FactsOf(string name, PairMember member)
    {
        var (model, runner, parameters) = member;
        yield return string.Create(
            CultureInfo.InvariantCulture, $"{name} {model.Description} {model.SizeInBytes} {model.ParameterCount} {runner.ThreadCount} {runner.BatchThreadCount}");
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{(parameters as IModelParams)?.GpuLayerCount} {parameters?.NoKqvOffload} {parameters?.OpOffload} {parameters?.FlashAttention} {parameters?.TypeK} {parameters?.TypeV} {parameters?.SwaFull}");
        for (var i = 0; i < model.MetadataCount; i++)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{TextOf(model.MetadataKeyByIndex(i))} = {TextOf(model.MetadataValueByIndex(i))}");
        }
    }

    private static string TextOf(Memory<byte>? bytes) => bytes is { } known ? Convert.ToHexString(known.Span) : string.Empty;
}
