using System.Globalization;
using System.Text;
using LlamaSpec.Measuring.Results;

namespace LlamaSpec.Measuring.Reports;

/// <summary>What stands above the tables: what was measured, what the columns mean, what was left out. Pure.</summary>
internal static class MarkdownHeading
{
    public static void Append(StringBuilder text, BenchDocument document)
    {
        text.Append("# Measured\n\n");
        foreach (var (name, value) in RunFacts.Of(document.Run))
        {
            text.Append($"- {name}: {value}\n");
        }

        text.Append(
            """

            Every question is answered by all systems in turn, in rotating order, before the next one. Ratios are geometric means of the
            ratios of each question, with a 95 % bootstrap interval over questions; plain decoding has no draft loaded. Tokens after the
            first round over the time since then; the prompt is left out. A round's times include the managed ones. "As its plain": the
            same tokens as plain decoding of the same program. Regret: 1 - tokens per second over those of the best fixed length of the
            category. Sampled answers differ from system to system, and the best of several is chosen by the same figures that describe
            it, which flatters it a little.

            """);
        if (document.Interruption is { } reason)
        {
            text.Append($"\n**Incomplete**: {reason.Split('\n')[0]}\n");
        }

        AppendSkipped(text, document);
    }

    private static void AppendSkipped(StringBuilder text, BenchDocument document)
    {
        var skipped = document.Skipped;
        text.Append(CultureInfo.InvariantCulture, $"\nSkipped: {(skipped.Count == 0 ? "none" : skipped.Count)}.\n");
        foreach (var one in skipped)
        {
            var where = one is { Temperature: { } temperature, Repeat: { } repeat }
                ? string.Create(CultureInfo.InvariantCulture, $" (temperature {temperature}, repeat {repeat})")
                : string.Empty;
            text.Append($"- question {one.PromptId}{where}: {one.Reason.ReplaceLineEndings(" ")}\n");
        }

        text.Append('\n');
    }
}
