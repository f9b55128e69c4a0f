using LlamaSpec.Models;
using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Sampling;

public class LogitAdjusterTests
{
    private static readonly SamplingOptions Plain = new();

    [Test]
    public void WithNothingToChangeTheRowIsGivenBackUncopied()
    {
        float[] row = [1, 2, 3];
        var adjusted = new LogitAdjuster(3).Adjust(row, null, [0, 1], Plain);
        Assert.That(adjusted == row.AsSpan(), Is.True);
    }

    [Test]
    public void TheRowItselfIsNeverWritten()
    {
        float[] row = [1, 2, 3];
        Adjust(row, [0, 1], Plain with { PresencePenalty = 1, LogitBias = [new LogitBias(2, 5)] });
        Assert.That(row, Is.EqualTo(new float[] { 1, 2, 3 }));
    }

    [Test]
    public void RepetitionDividesPositiveAndMultipliesNegativeLogits() =>
        Assert.That(Adjust([4, -4, 0, 4], [0, 1, 2, 0], Plain with { RepetitionPenalty = 2 }), Is.EqualTo(new float[] { 2, -8, 0, 4 }));

    [Test]
    public void FrequencyCountsOccurrencesAndPresenceDoesNot()
    {
        Assert.That(Adjust([4, 4, 4], [0, 0, 0, 1], Plain with { FrequencyPenalty = 0.5f }), Is.EqualTo(new float[] { 2.5f, 3.5f, 4 }));
        Assert.That(Adjust([4, 4, 4], [0, 0, 0, 1], Plain with { PresencePenalty = 0.5f }), Is.EqualTo(new float[] { 3.5f, 3.5f, 4 }));
    }

    [TestCase(0, 4, 4)]
    [TestCase(1, 4, 3)]
    [TestCase(2, 3, 3)]
    [TestCase(3, 2, 3)]
    [TestCase(100, 2, 3)]
    public void OnlyTheLastTokensOfTheWindowCount(int window, float first, float second) =>
        Assert.That(Adjust([4, 4], [0, 0, 1], Plain with { FrequencyPenalty = 1, PenaltyWindow = window }), Is.EqualTo(new[] { first, second }));

    [Test]
    public void BiasComesBeforePenalties() =>
        Assert.That(Adjust([-1], [0], Plain with { RepetitionPenalty = 2, LogitBias = [new LogitBias(0, 5)] }), Is.EqualTo(new float[] { 2 }));

    [Test]
    public void ABannedTokenStaysBannedUnderPenalties() =>
        Assert.That(
            Adjust([3, 1], [0], Plain with { RepetitionPenalty = 0.5f, PresencePenalty = -9, LogitBias = [new LogitBias(0, float.NegativeInfinity)] }),
            Is.EqualTo(new[] { float.NegativeInfinity, 1 }));

    [Test]
    public void PenaltiesOfTokensThatTheDraftLacksTouchNothing()
    {
        var map = new TokenMap([5, 2, -1], unknownRow: 2, targetVocabularySize: 8);
        var options = Plain with { FrequencyPenalty = 0.5f, LogitBias = [new LogitBias(6, 3)] };
        var adjusted = new LogitAdjuster(3).Adjust([1, 1, 1], map, [7, 7, 2], options);
        Assert.That(adjusted.ToArray(), Is.EqualTo(new[] { 1, 0.5f, float.NegativeInfinity }));
    }

    [Test]
    public void TheLongestWindowFitsASmallVocabulary()
    {
        var prefix = Enumerable.Range(0, 5000).Select(i => i % 2).ToArray();
        Assert.That(Adjust([0, 0, 0], prefix, Plain with { FrequencyPenalty = 1, PenaltyWindow = 4096 }), Is.EqualTo(new float[] { -2048, -2048, 0 }));
    }

    private static float[] Adjust(float[] row, int[] prefix, SamplingOptions options) =>
        new LogitAdjuster(row.Length).Adjust(row, null, prefix, options).ToArray();
}
