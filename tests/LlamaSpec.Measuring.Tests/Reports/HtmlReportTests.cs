using System.Xml.Linq;
using LlamaSpec.Measuring.Reports;

namespace LlamaSpec.Measuring.Tests.Reports;

public sealed class HtmlReportTests
{
    private readonly string _page = HtmlReport.Write(ReportTests.Document);

    [Test]
    public void ThePageNeedsNothingElse()
    {
        Assert.That(_page, Does.StartWith("<!doctype html>").And.EndWith("</html>\n"));
        Assert.That(_page, Does.Not.Contain("http").And.Not.Contain("src=").And.Not.Contain("<link").And.Not.Contain("<script").And.Not.Contain("@import").And.Not.Contain("url("));
        Assert.That(_page, Does.Contain("prefers-color-scheme: dark"));
    }

    [Test]
    public void ItHasTheChartsTheLossesAndEveryRow()
    {
        var body = Body(_page);
        Assert.That(body.Descendants("svg").Select(static svg => svg.Element("title")!.Value), Is.EqualTo((string[])
            ["Speed-up over plain decoding at temperature 0", "Tokens per second at temperature 0", "Acceptance rate at temperature 0"]));
        Assert.That(body.Descendants("li").First().Value, Does.StartWith("Temperature 0, losses to plain: fixed:2 0.61"));
        Assert.That(body.Descendants("tbody").Single().Elements("tr").Count(), Is.EqualTo(ReportTests.Document.Rows.Count));
        var row = body.Descendants("tr").First(static row => row.Elements("td").FirstOrDefault()?.Value == "fixed:2");
        Assert.That(row.Elements("td").Select(static cell => cell.Value), Is.EqualTo((string[])["fixed:2", "0", "all", "2", "61.2", "0.61", "0.50 to 0.75", "0.25", "1.50", "0.30"]));
        Assert.That(body.Descendants("p").First().Value, Does.Contain("widened copy").And.Contain("target.gguf widened to 1536 (q8_0)"));
        Assert.That(body.Descendants("dd").Select(static one => one.Value), Does.Contain("Some Linux, X64, 2 processors"));
    }

    [Test]
    public void PlainDecodingIsALineAndNoDot()
    {
        var chart = Body(_page).Descendants("svg").First();
        Assert.That(chart.Descendants("line").Count(static line => (string)line.Attribute("class")! == "reference"), Is.EqualTo(1));
        Assert.That(chart.Descendants("circle").Count(), Is.EqualTo(3 * 3), "three systems besides it, in all and in two categories");
    }

    [Test]
    public void AllTextIsEncoded()
    {
        const string Evil = "<script>alert('x')</script> & \"more\"";
        var document = ReportTests.Document;
        var named = document with
        {
            Run = document.Run with { Prompts = Evil, Machine = Evil, TargetDescription = Evil, Copy = document.Run.Copy! with { Source = Evil, Problem = Evil } },
            Interruption = Evil,
            Rows = [.. document.Rows.Select(static row => row with { Policy = Evil, Category = Evil })],
            Skipped = [.. document.Skipped.Select(static one => one with { PromptId = Evil, Reason = Evil })],
            Results =
            [
                .. document.Results.Select(static result => result with
                {
                    Conclusions = [Evil],
                    Systems = [.. result.Systems.Select(static system => system with { Categories = [.. system.Categories.Select(static one => one with { Category = Evil })] })],
                }),
            ],
        };
        var page = HtmlReport.Write(named);
        Assert.That(page, Does.Not.Contain("<script").And.Contain("&lt;script&gt;"));
        Assert.That(() => Body(page), Throws.Nothing);
    }

    // The body is written as well-formed XML, so that it can be looked into.
    private static XElement Body(string page) => XElement.Parse(page[page.IndexOf("<main>", StringComparison.Ordinal)..(page.IndexOf("</main>", StringComparison.Ordinal) + 7)]);
}
