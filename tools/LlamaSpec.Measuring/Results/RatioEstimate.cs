using System.Globalization;

namespace LlamaSpec.Measuring.Results;

/// <summary>The geometric mean of the questions' ratios, with its 95 % interval over questions.</summary>
/// <param name="Value">The mean; 0 without questions.</param>
/// <param name="Low">Lower end; null with fewer than two questions.</param>
/// <param name="High">Upper end.</param>
/// <param name="PromptCount">Questions.</param>
internal readonly record struct RatioEstimate(double Value, double? Low, double? High, int PromptCount)
{
    public const string Faster = "faster";

    public const string Slower = "slower";

    // Five questions that all point one way do so by chance once in 16 times; six, once in 32.
    private const int FewestPromptsForVerdict = 6;

    /// <summary>From the natural logarithms of the ratios, one for each question.</summary>
    public static RatioEstimate OfLogarithms(IReadOnlyList<double> logarithms)
    {
        if (logarithms.Count == 0)
        {
            return default;
        }

        var interval = Bootstrap.IntervalOfMean([.. logarithms]);
        return new RatioEstimate(Math.Exp(logarithms.Average()), Exp(interval?.Low), Exp(interval?.High), logarithms.Count);
    }

    /// <summary>What the interval says; a ratio alone says nothing.</summary>
    public string Verdict => this switch
    {
        { PromptCount: < FewestPromptsForVerdict } => "too few questions",
        { Low: > 1 } => Faster,
        { High: < 1 } => Slower,
        _ => "no difference shown",
    };

    /// <summary>"1.23 (1.10-1.35)".</summary>
    public override string ToString() => (PromptCount, Low, High) switch
    {
        (0, _, _) => "-",
        (_, { } low, { } high) => string.Create(CultureInfo.InvariantCulture, $"{Value:F2} ({low:F2}-{high:F2})"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Value:F2}"),
    };

    private static double? Exp(double? value) => value is { } number ? Math.Exp(number) : null;
}
