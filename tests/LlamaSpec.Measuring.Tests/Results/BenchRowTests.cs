using System.Text.Json;
using LlamaSpec.Measuring.Reports;
using LlamaSpec.Measuring.Results;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Tests.Results;

public sealed class BenchRowTests
{
    private static readonly string[] Names =
    [
        "target", "policy", "drafter", "temperature", "category", "prompts", "tokensPerSecond", "speedUp", "speedUpLow", "speedUpHigh",
        "acceptanceRate", "meanAcceptanceLength", "shareOfRoundsWithoutDraft",
    ];

    [Test]
    public void ThereIsARowForEachSystemTemperatureAndCategoryAndForAllTogether()
    {
        var rows = Reports.ReportTests.Document.Rows;
        Assert.That(rows, Has.Count.EqualTo(4 * 3));
        Assert.That(rows.Take(4).Select(static row => (row.Policy, row.Category, row.Prompts)), Is.EqualTo((IEnumerable<(string, string, int)>)
            [("plain", "all", 2), ("plain", "a", 1), ("plain", "b", 1), ("plain, rows off", "all", 2)]));
        Assert.That(rows.Select(static row => row.Target), Has.All.EqualTo("target.gguf widened to 1536 (q8_0)"));
        Assert.That((rows[0].SpeedUp, rows[0].AcceptanceRate, rows[0].ShareOfRoundsWithoutDraft), Is.EqualTo(((double?)1, (double?)null, (double?)null)));
    }

    [Test]
    public void JsonHasExactlyTheAgreedNames()
    {
        using var document = JsonDocument.Parse(BenchJson.Write(Reports.ReportTests.Document));
        var root = document.RootElement;
        Assert.That(root.EnumerateObject().First().Name, Is.EqualTo("rows"));
        foreach (var row in root.GetProperty("rows").EnumerateArray())
        {
            Assert.That(row.EnumerateObject().Select(static property => property.Name), Is.EqualTo(Names));
        }

        var policy = root.GetProperty("rows").EnumerateArray().First(static row => row.GetProperty("policy").GetString() == "fixed:2");
        Assert.That(policy.GetProperty("speedUp").GetDouble(), Is.EqualTo(Math.Sqrt(0.5 * 0.75)).Within(1e-9));
        Assert.That(policy.GetProperty("speedUpLow").GetDouble(), Is.EqualTo(0.5).Within(1e-9));
        Assert.That(policy.GetProperty("shareOfRoundsWithoutDraft").GetDouble(), Is.EqualTo(0.3).Within(1e-9));
        Assert.That(root.GetProperty("results")[0].GetProperty("bestFixed").GetString(), Is.EqualTo("fixed:2"));
        Assert.That(root.GetProperty("results")[0].GetProperty("regrets")[0].GetProperty("policies")[0].GetProperty("regret").GetDouble(), Is.Zero);
        Assert.That(root.GetProperty("samples")[1].GetProperty("answers")[2].GetProperty("tokenCount").GetInt32(), Is.EqualTo(2));
        Assert.That(root.GetProperty("skipped").GetArrayLength(), Is.EqualTo(2));
        Assert.That(root.GetProperty("interruption").GetString(), Does.EndWith("its log"));
    }

    [Test]
    public void WithoutABaselineThereIsNoSpeedUp()
    {
        var samples = new[] { Fakes.Sample("a1", 1, 1, null, Fakes.Answer(5)) };
        var results = FigureCalculator.Compute(new() { Systems = [SystemLabel.PlainServer, SystemLabel.StockPlain], Samples = samples, Skipped = [] });
        Assert.That(BenchRow.From("t", results).Select(static row => (row.SpeedUp, row.SpeedUpLow)), Has.All.EqualTo(((double?)null, (double?)null)));
    }
}
