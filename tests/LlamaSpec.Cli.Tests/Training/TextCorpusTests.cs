using LlamaSpec.Cli.Tests.Fakes;
using LlamaSpec.Cli.Training;

namespace LlamaSpec.Cli.Tests.Training;

[TestFixture]
public sealed class TextCorpusTests
{
    [Test]
    public void PassagesEndWithALineAndLoseNothing()
    {
        using var folder = new TestFolder();
        var text = string.Concat(Enumerable.Range(0, 500).Select(static i => $"Line {i} is of no great length, \u00e4\u00f6\u00fc \U0001F600.\r\n"));
        var corpus = new TextCorpus([folder.Write("a.txt", text), folder.Write("b.txt", "The last one")]);
        var passages = corpus.Passages().ToArray();

        Assert.That(string.Concat(passages.Select(static passage => passage.Text)), Is.EqualTo(text + "The last one"));
        Assert.That(passages, Has.Length.InRange(10, 22));
        Assert.That(passages[..^1].Select(static passage => passage.Text), Has.All.EndsWith("\n"));
        Assert.That(passages.Select(static passage => passage.Progress), Is.Ordered);
        Assert.That(passages[^1], Is.EqualTo(("The last one", 1.0)));
    }

    [Test]
    public void ALongLineIsCut()
    {
        using var folder = new TestFolder();
        var passages = new TextCorpus([folder.Write("a.txt", new string('x', 100_000))]).Passages().Select(static passage => passage.Text.Length).ToArray();

        Assert.That(passages, Has.All.InRange(1, 10_000));
        Assert.That(passages.Sum(), Is.EqualTo(100_000));
    }

    [Test]
    public void NoFilesHaveNoPassages() => Assert.That(new TextCorpus([]).Passages(), Is.Empty);
}
