using LlamaSpec.Measuring.Charts;
using LlamaSpec.Measuring.Results;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Reports;

/// <summary>The charts of one temperature. Pure.</summary>
internal static class BenchCharts
{
    /// <summary>Each system over plain decoding, by category.</summary>
    /// <param name="result">The figures.</param>
    /// <param name="systems">The order of the series, plain decoding last.</param>
    public static DotChart SpeedUp(TemperatureResult result, IReadOnlyList<SystemLabel> systems) => new()
    {
        Title = FormattableString.Invariant($"Speed-up over plain decoding at temperature {result.Temperature}"),
        Unit = "times",
        Series = [.. systems.Where(static system => system != SystemLabel.Plain).Select(static system => system.Name)],
        Groups = Groups(result, systems, static (system, figures) => system == SystemLabel.Plain || figures.ToPlain.PromptCount == 0
            ? null
            : new ChartValue(0, figures.ToPlain.Value, figures.ToPlain.Low, figures.ToPlain.High)),
        Reference = 1,
    };

    /// <summary>Tokens per second of all questions together.</summary>
    public static BarChart TokensPerSecond(TemperatureResult result, IReadOnlyList<SystemLabel> systems) => new()
    {
        Title = FormattableString.Invariant($"Tokens per second at temperature {result.Temperature}"),
        Unit = "tokens/s",
        Series = [],
        Groups =
        [
            .. systems.Select((system, index) => (system, index, figures: result.Systems.FirstOrDefault(one => one.System == system)))
                .Where(static one => one.figures is not null)
                .Select(static one => new ChartGroup(one.system.Name, [new ChartValue(one.index, one.figures!.All.TokensPerSecond)])),
        ],
    };

    /// <summary>Accepted / drafted, by category.</summary>
    public static BarChart AcceptanceRate(TemperatureResult result, IReadOnlyList<SystemLabel> systems)
    {
        var groups = Groups(result, systems, static (_, figures) => figures.AcceptanceRate is { } rate ? new ChartValue(0, rate) : null);
        var drafting = groups.SelectMany(static group => group.Values).Select(static one => one.Series).Append(-1).Max() + 1;
        return new BarChart
        {
            Title = FormattableString.Invariant($"Acceptance rate at temperature {result.Temperature}"),
            Unit = "accepted / drafted",
            Series = [.. systems.Take(drafting).Select(static system => system.Name)],
            Groups = groups,
            Format = "F2",
        };
    }

    private static ChartGroup[] Groups(
        TemperatureResult result, IReadOnlyList<SystemLabel> systems, Func<SystemLabel, CategoryFigures, ChartValue?> read)
    {
        string[] categories = [CategoryFigures.All, .. result.Systems.SelectMany(static one => one.Categories).Select(static one => one.Category).Distinct()];
        return [.. categories.Select(category => new ChartGroup(category, [.. Values(category)])).Where(static group => group.Values.Count > 0)];

        IEnumerable<ChartValue> Values(string category)
        {
            for (var i = 0; i < systems.Count; i++)
            {
                var system = result.Systems.FirstOrDefault(one => one.System == systems[i]);
                var figures = category == CategoryFigures.All ? system?.All : system?.Categories.FirstOrDefault(one => one.Category == category);
                if (figures is not null && read(systems[i], figures) is { } value)
                {
                    yield return value with { Series = i };
                }
            }
        }
    }
}
