using LlamaSpec.Measuring.Reports;
using LlamaSpec.Measuring.Results;
using LlamaSpec.Measuring.Runs;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Tests.Results;

public sealed class NGramCalculatorTests
{
    private static readonly SystemLabel[] Systems =
    [
        SystemLabel.Plain, SystemLabel.Policy("auto"), SystemLabel.Policy("fixed:4", "suffix"), SystemLabel.Oracle, SystemLabel.PlainServer, SystemLabel.DraftingServer(2),
        SystemLabel.NGramServer("ngram-simple", "ngram-simple"), SystemLabel.NGramServer("ngram-mod:4/8", "ngram-mod"),
    ];

    // Six of each category, or no verdict is given; each twice as fast in one half as in the other, which changes no ratio.
    private static readonly Sample[] Samples =
    [
        .. Enumerable.Range(0, 6).SelectMany(static i => (Sample[])
        [
            Rates($"a{i}", 1 + (i % 2), 100, 110, 150, 300, 400, 400, 125, 120),
            Rates($"b{i}", 1 + (i % 2), 100, 99, 60, 300, 400, 400, 100, 110),
        ]),
    ];

    [Test]
    public void EachCategoryHasItsOwnBestNGramSetting()
    {
        var comparisons = NGramCalculator.Compute(Systems, Samples);
        Assert.That(comparisons.Select(static one => (one.Category, one.BestServer)), Is.EqualTo((IEnumerable<(string, string)>)
            [("all", "llama-server ngram-mod:4/8"), ("a", "llama-server ngram-simple"), ("b", "llama-server ngram-mod:4/8")]));
        Assert.That(comparisons.Skip(1).Select(static one => one.BestServerToPlain.Value), Is.EqualTo((double[])[1.25, 1.1]).Within(1e-12), "over plain");
        Assert.That(comparisons[1].Policies.Select(static one => one.Policy), Is.EqualTo((string[])["auto", "fixed:4@suffix", "oracle"]));
        Assert.That(comparisons[1].Policies.Select(static one => one.Ratio.Value), Is.EqualTo((double[])[0.88, 1.2, 2.4]).Within(1e-12));
        Assert.That(comparisons.Select(static one => one.Best!.Policy), Is.EqualTo((string[])["auto", "fixed:4@suffix", "auto"]), "the oracle does not count");
    }

    [Test]
    public void TheGoalIsReadOffASentenceOfEachCategory() => Assert.That(
        Draw(Systems, Samples).TakeLast(3),
        Is.EqualTo((string[])
        [
            "On all ours/best server n-gram = 0.91 (0.90-0.91): auto against llama-server ngram-mod:4/8 (slower).",
            "On a ours/best server n-gram = 1.20 (1.20-1.20): fixed:4@suffix against llama-server ngram-simple (faster); auto 0.88 (0.88-0.88).",
            "On b ours/best server n-gram = 0.90 (0.90-0.90): auto against llama-server ngram-mod:4/8 (slower).",
        ]));

    [Test]
    public void OneCategoryIsNotSaidTwice() =>
        Assert.That(Draw(Systems, [.. Samples.Where(static sample => sample.Category == "a")]).Count(static line => line.Contains("n-gram =")), Is.EqualTo(1));

    [Test]
    public void WithoutNGramsOrWithoutPoliciesThereIsNothingToCompare()
    {
        Assert.That(NGramCalculator.Compute(Systems[..6], Samples), Is.Empty);
        Assert.That(NGramCalculator.Compute([SystemLabel.Plain, .. Systems[6..]], [Fakes.Sample("a1", 0, 1, Fakes.Answer(1), Fakes.Answer(1), Fakes.Answer(1))]), Is.Empty);
        Assert.That(Draw(Systems[..6], [.. Samples.Select(static sample => sample with { Answers = [.. sample.Answers.Take(6)] })]), Has.None.Contains("n-gram"));
    }

    [Test]
    public void AllReportsTell()
    {
        var document = BenchDocument.Create(Reports.ReportTests.Document.Run, new Measurements { Systems = Systems, Samples = Samples, Skipped = [] });
        var line = "On a ours/best server n-gram = 1.20 (1.20-1.20): fixed:4@suffix against";
        Assert.That(MarkdownReport.Write(document), Does.Contain(line)
            .And.Contain("| category | best server n-gram | over plain | auto over it | fixed:4@suffix over it | oracle over it |")
            .And.Contain("| a | llama-server ngram-simple | 1.25 (1.25-1.25) | 0.88 (0.88-0.88) | 1.20 (1.20-1.20) | 2.40 (2.40-2.40) |"));
        Assert.That(HtmlReport.Write(document), Does.Contain(line));
        Assert.That(BenchJson.Write(document), Does.Contain(line).And.Contain("\"bestServer\": \"llama-server ngram-simple\"").And.Contain("\"drafter\": \"ngram-mod\""));
    }

    private static IReadOnlyList<string> Draw(SystemLabel[] systems, Sample[] samples) =>
        FigureCalculator.Compute(new Measurements { Systems = systems, Samples = samples, Skipped = [] }).Single().Conclusions;

    private static Sample Rates(string id, double pace, params double[] rates) => Fakes.Sample(id, 0, 1, [.. rates.Select(rate => Fakes.Answer(rate * pace))]);
}
