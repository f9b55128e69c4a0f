using System.Globalization;
using LlamaSpec.Cli.Comparison;

namespace LlamaSpec.Cli.Demo;

/// <summary>What the figures mean, in sentences; losses as plainly as gains. Pure.</summary>
internal static class DemoConclusions
{
    // Below this a difference drowns in the machine's noise.
    private const double Noise = 0.02;

    /// <summary>Whether it paid, and why.</summary>
    public static string Speed(DemoResult result, IReadOnlyList<ComparedAnswers> samples)
    {
        var setting = Text($"At temperature {result.Temperature} with {result.Policy}:");
        if (result.DisabledReason is { } reason)
        {
            return $"{setting} nothing was drafted ({ErrorReport.OneLine(reason)}), so both sides are plain decoding.";
        }

        var cost = DemoFigures.RoundCost(samples);
        if (result.SpeedUp == 0 || cost == 0)
        {
            return $"{setting} the answers are too short to be timed.";
        }

        var round = Text($"a round (drafting, then verifying all rows at once) costs {cost:0.00}x the time of one plain token on this machine");
        var figures = Text($"{round}, and commits {result.MeanAcceptanceLength:0.00} tokens");
        return (result.SpeedUp - 1) switch
        {
            > Noise => Text($"{setting} {result.SpeedUp:0.00}x as fast: {figures}."),
            < -Noise => Text($"{setting} slower ({result.SpeedUp:0.00}x): {figures}. Drafting with this policy does not pay here."),
            _ => Text($"{setting} no difference: {figures}."),
        };
    }

    /// <summary>What fast rows do for plain decoding.</summary>
    /// <param name="result">Fast rows, with llama.cpp's own kernels as the plain side.</param>
    public static string FastRows(DemoResult result) => result.SpeedUp == 0
        ? "Fast rows: the answers are too short to be timed."
        : Text($"Fast rows: plain decoding is {result.SpeedUp:0.00}x as fast as with llama.cpp's own kernels ({result.PlainTokensPerSecond:0.0} tokens/s with --rows off), so that is what speculation has to beat above.");

    /// <summary>Why texts at temperature 0 are not the same; empty when they are.</summary>
    public static IEnumerable<string> Divergences(DemoResult result) =>
        result.Temperature > 0 ? [] : result.Divergences.Select(divergence => $"With {result.Policy}, {divergence.Explain()}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
