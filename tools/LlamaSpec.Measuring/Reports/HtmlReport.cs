using LlamaSpec.Measuring.Results;

namespace LlamaSpec.Measuring.Reports;

internal static class HtmlReport
{
    public static string Write(BenchDocument document) => document.Run.TargetLabel;
}
