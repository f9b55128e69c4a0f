using System.Globalization;
using System.Text;

namespace LlamaSpec.Benchmarks.EndToEnd.Results;

/// <summary>What stands above the tables: what was measured, what the columns mean, what was left out. Pure.</summary>
internal static class MarkdownHeading
{
    public static void Append(StringBuilder text, EndToEndDocument document)
    {
        var run = document.Run;
        var (threads, draftThreads) = (run.TargetThreadCount, run.DraftThreadCount?.ToString(CultureInfo.InvariantCulture) ?? "by its size");
        text.Append("# End to end\n\n");
        var widened = run.WidenedFrom is { } origin ? $"; **widened** from {origin}" : string.Empty;
        AppendItem(text, "target", $"{run.Target}, {run.TargetDescription}{widened}");
        AppendItem(text, "draft", $"{run.Draft}{(run.ServerDraft is { } draft ? $"; for llama-server {draft}" : string.Empty)}");
        AppendItem(text, "llama.cpp", run.LlamaVersion);
        AppendItem(text, "fast rows", FastRows(run));
        AppendItem(text, "threads", $"{threads} for the target, {draftThreads} for the draft, {run.ProcessorCount} processors");
        var limits = $"answers of up to {run.MaximumTokens} tokens, context {run.ContextLength}";
        AppendItem(text, "questions", $"{run.Prompts}, {limits}, repeats: {run.Repeats}");
        AppendItem(text, "started", FormattableString.Invariant($"{run.Started:yyyy-MM-dd HH:mm} UTC"));
        text.Append(
            """

            Every question is answered by all systems in turn, in rotating order, before the next one. Ratios are geometric means of the
            ratios of each question, with a 95 % bootstrap interval over questions; plain decoding has no draft loaded. Tokens after the
            first round over the time since then; the prompt is left out. A round's times include the managed ones. "As its plain": the
            same tokens as plain decoding with the same kernels. Sampled answers differ from system to system, and the best of several is
            chosen by the same figures that describe it, which flatters it a little.

            """);
        if (document.Interruption is { } reason)
        {
            text.Append($"\n**Incomplete**: {reason.Split('\n')[0]}\n");
        }

        AppendSkipped(text, document);
    }

    private static string FastRows(RunDescription run) => run switch
    {
        { FastRowInstructions: null } => "this processor has none of the instructions",
        { FastProductCount: 0 } => $"{run.FastRowInstructions}, but none of the target's weights fits them: on and off are the same",
        _ => string.Create(CultureInfo.InvariantCulture, $"{run.FastRowInstructions}, {run.FastProductCount} products of a decode"),
    };

    private static void AppendSkipped(StringBuilder text, EndToEndDocument document)
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

    private static void AppendItem(StringBuilder text, string name, string value) => text.Append($"- {name}: {value}\n");
}
