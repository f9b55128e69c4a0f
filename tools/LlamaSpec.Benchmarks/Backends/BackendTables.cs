using System.Globalization;
using LlamaSpec.Calibration;
using LlamaSpec.Diagnostics;
using LlamaSpec.Measuring.Reports;

namespace LlamaSpec.Benchmarks.Backends;

/// <summary>Writes what was measured of the backends; the first one is what the others are compared with.</summary>
internal static class BackendTables
{
    /// <summary>The tables: answers, decodes, contexts at once.</summary>
    /// <param name="options">What was measured with.</param>
    /// <param name="all">Figures of each process, by backend.</param>
    /// <param name="differences">Explains answers that are not the first backend's plain ones.</param>
    public static string Write(BackendOptions options, IReadOnlyDictionary<string, IReadOnlyList<BackendFigures>> all, AnswerDifferences differences)
    {
        var names = all.Keys.ToList();
        return Invariant($"{Path.GetFileName(options.TargetPath)} with {Path.GetFileName(options.DraftPath)}, {options.Questions} questions, {options.Tokens} tokens each, temperature 0, threads: {options.Threads}, {(options.Calibration == CalibrationMode.Off ? "costs learned while answering" : "calibrated")}, {all[names[0]].Count} processes each\n\n")
            + Answers(options, names, all, differences) + "\n" + Decodes(names, all) + "\n" + Contexts(names, all);
    }

    private static string Answers(BackendOptions options, List<string> names, IReadOnlyDictionary<string, IReadOnlyList<BackendFigures>> all, AnswerDifferences differences)
    {
        var table = new MarkdownTable(["backend, policy", "tokens/s", $"of {names[0]}", "managed ms a round", "accepted / drafted", $"text of {names[0]} {options.Policies[0]}", "widest gap where not"]);
        var expected = all[names[0]][0].Answers.Where(answer => answer.Policy == options.Policies[0]).ToDictionary(static answer => answer.Question, static answer => answer.Tokens);
        foreach (var policy in options.Policies)
        {
            var reference = RateOf(all[names[0]], policy);
            foreach (var name in names)
            {
                var answers = all[name].SelectMany(static figures => figures.Answers).Where(answer => answer.Policy == policy).ToList();
                var gaps = answers.Select(answer => differences.GapOf(answer.Question, expected[answer.Question], answer.Tokens)).ToList();
                var rate = RateOf(all[name], policy);
                table.AddRow(
                [
                    $"{name}, {policy}", Invariant($"{rate:F1}"), Invariant($"{rate / reference:F2}"),
                    Invariant($"{answers.Sum(static answer => answer.ManagedMilliseconds) / answers.Sum(static answer => answer.Rounds):F3}"),
                    Invariant($"{answers.Sum(static answer => answer.Accepted)} / {answers.Sum(static answer => answer.Drafted)}"),
                    Invariant($"{gaps.Count(static gap => gap is null)} of {gaps.Count}"),
                    gaps.Max() is { } widest ? Invariant($"{widest:F2}{(widest < TopTwoGapProbe.NearTie ? " (a near-tie)" : string.Empty)}") : "-",
                ]);
            }
        }

        return table.ToString();
    }

    private static string Decodes(List<string> names, IReadOnlyDictionary<string, IReadOnlyList<BackendFigures>> all)
    {
        var table = new MarkdownTable(["rows of a decode", .. names.Select(static name => $"{name}, ms"), .. names.Select(static name => $"{name}, bytes allocated")]);
        foreach (var rows in all[names[0]][0].Decodes.Select(static decode => decode.Rows))
        {
            table.AddRow(
            [
                Invariant($"{rows}"),
                .. names.Select(name => Invariant($"{Median(all[name], figures => Of(figures, rows).Milliseconds):F3}")),
                .. names.Select(name => Invariant($"{Median(all[name], figures => Of(figures, rows).AllocatedBytes):F0}")),
            ]);
        }

        return table.ToString();
    }

    private static string Contexts(List<string> names, IReadOnlyDictionary<string, IReadOnlyList<BackendFigures>> all)
    {
        var table = new MarkdownTable(["decodes of one row a second", "one context", "two contexts, two threads", "ratio"]);
        foreach (var name in names)
        {
            var (one, two) = (Median(all[name], static figures => figures.OneContextRate), Median(all[name], static figures => figures.TwoContextsRate));
            table.AddRow([name, Invariant($"{one:F0}"), Invariant($"{two:F0}"), Invariant($"{two / one:F2}")]);
        }

        return table.ToString();
    }

    // Of each question the median time of the processes; then all tokens by all times.
    private static double RateOf(IReadOnlyList<BackendFigures> processes, string policy)
    {
        var questions = processes.SelectMany(static figures => figures.Answers).Where(answer => answer.Policy == policy).GroupBy(static answer => answer.Question).ToList();
        var tokens = questions.Sum(static question => question.First().Tokens.Length - 1.0);
        return 1000 * tokens / questions.Sum(static question => Statistics.Median([.. question.Select(static answer => answer.Milliseconds)]));
    }

    private static DecodeFigure Of(BackendFigures figures, int rows) => figures.Decodes.First(decode => decode.Rows == rows);

    private static double Median(IReadOnlyList<BackendFigures> processes, Func<BackendFigures, double> figure) => Statistics.Median([.. processes.Select(figure)]);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
