using System.Globalization;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Diagnostics;

namespace LlamaSpec.Cli.Commands;

/// <summary>The figures of a request as a person reads them.</summary>
internal static class StatsText
{
    public static void Write(Terminal terminal, SpeculativeStats stats)
    {
        foreach (var line in Lines(stats))
        {
            terminal.WriteNote(line);
        }
    }

    private static IEnumerable<string> Lines(SpeculativeStats stats)
    {
        yield return Text($"{stats.GeneratedTokens} tokens at {stats.TokensPerSecond:0.0} tokens/s; first token after {stats.TimeToFirstTokenMilliseconds:0} ms")
            + $", prompt of {stats.PromptTokens} tokens ({stats.CachedPromptTokens} still in the KV cache)";
        yield return Text($"{stats.Rounds} rounds, mean acceptance length {stats.MeanAcceptanceLength:0.00}; ")
            + Text($"{stats.AcceptedTokens} of {stats.DraftedTokens} drafted tokens accepted ({stats.AcceptanceRate:P0})");
        yield return Text($"draft {stats.DraftMilliseconds:0} ms, verify {stats.VerifyMilliseconds:0} ms, sample {stats.SampleMilliseconds:0} ms; ")
            + Text($"managed overhead {OverheadPerRound(stats):0.000} ms a round");
        if (stats.DisabledReason is { } reason)
        {
            yield return $"drafting was off: {ErrorReport.OneLine(reason)}";
        }
    }

    private static double OverheadPerRound(SpeculativeStats stats) => stats.Rounds == 0 ? 0 : stats.ManagedOverheadMilliseconds / stats.Rounds;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
