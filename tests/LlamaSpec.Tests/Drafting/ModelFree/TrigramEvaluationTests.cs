using LlamaSpec.Drafting.ModelFree;

namespace LlamaSpec.Tests.Drafting.ModelFree;

public class TrigramEvaluationTests
{
    [Test]
    public void TheTableForetellsWhatTheTextAloneCannot()
    {
        var table = Trigrams.Table("abcd", "abcd", "abce");
        int[][] texts = [Texts.Tokens("abce"), Texts.Tokens("xyz"), Texts.Tokens("ab")];

        // c is first; e is listed second; z is not known.
        Assert.That(TrigramEvaluation.Measure(table, texts), Is.EqualTo(new TrigramFigures(3, 1, 2)));
        Assert.That(TrigramEvaluation.Measure(null, texts), Is.EqualTo(new TrigramFigures(3, 0, 0)));
    }

    [Test]
    public void ATextThatRepeatsItselfForetellsItself()
    {
        // Of eight tokens, the first "abcab" teaches; "cab" is foretold.
        var figures = TrigramEvaluation.Measure(null, [Texts.Tokens("abcabcab")]);
        Assert.That(figures, Is.EqualTo(new TrigramFigures(6, 3, 3)));
        Assert.That((figures.FirstShare, figures.ListedShare), Is.EqualTo((0.5, 0.5)));
    }

    [Test]
    public void NothingToForetellIsNoShare() => Assert.That(TrigramEvaluation.Measure(null, []).FirstShare, Is.Zero);
}
