using LlamaSpec.Cli.Comparison;
using LlamaSpec.Diagnostics;
using LlamaSpec.Engine;

namespace LlamaSpec.Cli.Tests.Comparison;

[TestFixture]
public sealed class ComparedAnswersTests
{
    private static readonly GenerationResult Short = Answer(FinishReason.TokenLimit, 1, 2);

    [Test]
    public void TheSameTokensAndTheSameEndAreNoDifference() =>
        Assert.That(new ComparedAnswers(0, Short, Answer(FinishReason.TokenLimit, 1, 2)).FirstDifference, Is.Null);

    [Test]
    public void TheFirstDifferenceIsATokenOrAnEarlierEnd()
    {
        Assert.That(new ComparedAnswers(0, Short, Answer(FinishReason.TokenLimit, 1, 9)).FirstDifference, Is.EqualTo(1));
        Assert.That(new ComparedAnswers(0, Answer(FinishReason.TokenLimit, 1, 2, 3), Short).FirstDifference, Is.EqualTo(2));
        Assert.That(new ComparedAnswers(0, Short, Answer(FinishReason.EndOfText, 1, 2)).FirstDifference, Is.EqualTo(2));
    }

    private static GenerationResult Answer(FinishReason reason, params int[] tokens) => new(string.Empty, tokens, [], reason, new SpeculativeStats());
}
