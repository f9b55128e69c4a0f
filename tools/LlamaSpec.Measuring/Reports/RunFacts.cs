using System.Globalization;
using LlamaSpec.Measuring.Results;

namespace LlamaSpec.Measuring.Reports;

/// <summary>What was measured, and where, in lines for any report. Pure.</summary>
internal static class RunFacts
{
    /// <summary>Names and values, in the order to show them.</summary>
    public static IEnumerable<(string Name, string Value)> Of(RunDescription run)
    {
        var draftThreads = run.DraftThreadCount?.ToString(CultureInfo.InvariantCulture) ?? "by its size";
        yield return ("target", $"{run.Target}, {run.TargetDescription}");
        if (run.Copy is { } copy)
        {
            yield return ("copy", $"{copy}{(copy.Problem is { } problem ? $": {problem}" : string.Empty)}");
        }

        yield return ("draft", $"{run.Draft?.ToString() ?? "none"}{(run.ServerDraft is { } draft ? $"; for llama-server {draft}" : string.Empty)}");
        if (run.FreshServers.Count > 0)
        {
            yield return ("llama-server", $"keeps what it drafts from between requests, so it was started anew for every answer with {string.Join(", ", run.FreshServers)}");
        }

        yield return ("llama.cpp", run.LlamaVersion);
        yield return ("fast rows", FastRows(run));
        yield return ("machine", Text($"{run.Machine}, {run.ProcessorCount} processors"));
        yield return ("threads", Text($"{run.TargetThreadCount} for the target{(run.Draft is null && run.ServerDraft is null ? string.Empty : $", {draftThreads} for the draft")}"));
        yield return ("questions", Text($"{run.Prompts}, answers of up to {run.MaximumTokens} tokens, context {run.ContextLength}, repeats: {run.Repeats}"));
        yield return ("started", Text($"{run.Started:yyyy-MM-dd HH:mm} UTC"));
    }

    private static string FastRows(RunDescription run) => run switch
    {
        { Rows: "off" } => "off, as asked",
        { FastRowInstructions: null } => "this processor has none of the instructions",
        { FastProductCount: 0 } => $"{run.FastRowInstructions}, but none of the target's weights fits them: on and off are the same",
        _ => Text($"{run.FastRowInstructions}, {run.FastProductCount} products of a decode"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
