using System.Globalization;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Diagnostics;

namespace LlamaSpec.Cli.Commands;

/// <summary>Why each round of a request drafted what it drafted, as a person reads it.</summary>
internal static class ExplainText
{
    private const string Heading = "round  position  drafted  accepted  expected      ms  expected  why the draft ended";

    public static void Write(Terminal terminal, IReadOnlyList<ExplainedRound> rounds)
    {
        terminal.WriteNote(Heading);
        foreach (var round in rounds)
        {
            terminal.WriteNote(Line(round));
        }

        terminal.WriteNote(Summary(rounds));
    }

    private static string Line(ExplainedRound round)
    {
        var (outcome, expectation) = (round.Outcome, round.Expectation);
        return Text($"{round.Number,5}  {outcome.Position,8}  {outcome.DraftedCount,7}  {outcome.AcceptedCount,8}  {Figure(expectation.ExpectedAcceptedTokens),8}  ")
            + Text($"{outcome.StepMilliseconds,6:0.00}  {Figure(expectation.ExpectedMilliseconds),8}  {expectation.Reason ?? "the policy's own rule"}");
    }

    // Rounds that decode a prompt, too, have no expected time.
    private static string Summary(IReadOnlyList<ExplainedRound> rounds)
    {
        var predicted = rounds.Where(static round => round.Outcome.PromptRows == 0 && !double.IsNaN(round.Expectation.ExpectedAcceptedTokens)).ToList();
        return predicted.Count == 0 ? "the policy predicts nothing"
            : Text($"in all {predicted.Sum(static round => round.Outcome.AcceptedCount)} drafted tokens accepted, ")
                + Text($"{predicted.Sum(static round => round.Expectation.ExpectedAcceptedTokens):0.0} expected; ")
                + Text($"{predicted.Sum(static round => round.Outcome.StepMilliseconds):0.0} ms, {predicted.Sum(static round => round.Expectation.ExpectedMilliseconds):0.0} expected");
    }

    private static string Figure(double value) => double.IsNaN(value) ? "-" : Text($"{value:0.00}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
