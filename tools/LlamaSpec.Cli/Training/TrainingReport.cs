using System.Globalization;

namespace LlamaSpec.Cli.Training;

/// <summary>A training in words.</summary>
internal static class TrainingReport
{
    public static string Write(TrainingDocument result) => string.Create(CultureInfo.InvariantCulture, $"""
        samples      {result.TrainingSamples} to learn from, {result.HeldOutSamples} held out, from {result.Prompts} answers at temperature {result.Temperature}
        error        {result.WeightedError:0.000} tokens on held-out answers (too short counts twice); the best constant has {result.ConstantWeightedError:0.000}
        plain error  {result.AbsoluteError:0.000} tokens; the best constant has {result.ConstantAbsoluteError:0.000}
        correlation  {result.Correlation:0.00} between predicted and accepted length
        written to   {result.Output} ({result.OutputBytes / 1024.0:0} KiB)
        """) + (result.WeightedError < result.ConstantWeightedError
            ? string.Empty
            : "\nIt is no better than a constant: give more prompts, or longer answers, or do without it.");
}
