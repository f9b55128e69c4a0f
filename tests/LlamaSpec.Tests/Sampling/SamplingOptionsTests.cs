using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Sampling;

public class SamplingOptionsTests
{
    private const int VocabularySize = 100;

    private static readonly SamplingOptions Defaults = new();

    public static IEnumerable<TestCaseData> OutOfRange()
    {
        yield return Case("Temperature", "from 0 to 100", Defaults with { Temperature = -0.1f });
        yield return Case("Temperature", "from 0 to 100", Defaults with { Temperature = 100.5f });
        yield return Case("Temperature", "from 0 to 100", Defaults with { Temperature = float.NaN });
        yield return Case("Temperature", "from 0 to 100", Defaults with { Temperature = float.PositiveInfinity });
        yield return Case("TopK", "from 0 to", Defaults with { TopK = -1 });
        yield return Case("TopP", "to 1", Defaults with { TopP = 0 });
        yield return Case("TopP", "to 1", Defaults with { TopP = -0.5f });
        yield return Case("TopP", "to 1", Defaults with { TopP = 1.01f });
        yield return Case("TopP", "to 1", Defaults with { TopP = float.NaN });
        yield return Case("MinP", "from 0 to 1", Defaults with { MinP = -0.01f });
        yield return Case("MinP", "from 0 to 1", Defaults with { MinP = 1.01f });
        yield return Case("MinP", "from 0 to 1", Defaults with { MinP = float.NaN });
        yield return Case("RepetitionPenalty", "to 100", Defaults with { RepetitionPenalty = 0 });
        yield return Case("RepetitionPenalty", "to 100", Defaults with { RepetitionPenalty = 101 });
        yield return Case("RepetitionPenalty", "to 100", Defaults with { RepetitionPenalty = float.NaN });
        yield return Case("FrequencyPenalty", "from -100 to 100", Defaults with { FrequencyPenalty = -101 });
        yield return Case("FrequencyPenalty", "from -100 to 100", Defaults with { FrequencyPenalty = float.NaN });
        yield return Case("PresencePenalty", "from -100 to 100", Defaults with { PresencePenalty = 101 });
        yield return Case("PresencePenalty", "from -100 to 100", Defaults with { PresencePenalty = float.NaN });
        yield return Case("PenaltyWindow", "from 0 to 4096", Defaults with { PenaltyWindow = -1 });
        yield return Case("PenaltyWindow", "from 0 to 4096", Defaults with { PenaltyWindow = 4097 });
        yield return Case("LogitBias", "from 0 to 1024", Defaults with { LogitBias = [.. Enumerable.Repeat(new LogitBias(1, 1), 1025)] });
        yield return Case("LogitBias", "from 0 to 99", Defaults with { LogitBias = [new LogitBias(VocabularySize, 1)] });
        yield return Case("LogitBias", "from 0 to 99", Defaults with { LogitBias = [new LogitBias(-1, 1)] });
        yield return Case("LogitBias of token 7", "a number or -infinity", Defaults with { LogitBias = [new LogitBias(7, float.NaN)] });
        yield return Case("LogitBias of token 7", "a number or -infinity", Defaults with { LogitBias = [new LogitBias(7, float.PositiveInfinity)] });
    }

    [TestCaseSource(nameof(OutOfRange))]
    public void AValueOutOfRangeIsNamedWithItsRange(SamplingOptions options, string name, string range) =>
        Assert.That(() => options.Validate(VocabularySize), Throws.InstanceOf<ArgumentException>().With.Message.Contains(name).And.Message.Contains(range));

    [Test]
    public void TheEndsOfEveryRangeAreValid()
    {
        var smallest = new SamplingOptions
        {
            Temperature = 0, TopK = 0, TopP = 1e-6f, MinP = 0, RepetitionPenalty = 0.01f, FrequencyPenalty = -100, PresencePenalty = -100,
            PenaltyWindow = 0, LogitBias = [new LogitBias(0, float.NegativeInfinity)],
        };
        var largest = new SamplingOptions
        {
            Temperature = 100, TopK = int.MaxValue, TopP = 1, MinP = 1, RepetitionPenalty = 100, FrequencyPenalty = 100, PresencePenalty = 100,
            PenaltyWindow = 4096, LogitBias = [.. Enumerable.Repeat(new LogitBias(VocabularySize - 1, 1), 1024)],
        };
        Assert.That(() => smallest.Validate(VocabularySize), Throws.Nothing);
        Assert.That(() => largest.Validate(VocabularySize), Throws.Nothing);
        Assert.That(() => Defaults.Validate(VocabularySize), Throws.Nothing);
    }

    [Test]
    public void OnlyTemperatureZeroIsGreedy()
    {
        Assert.That(SamplingOptions.Greedy.IsGreedy, Is.True);
        Assert.That(Defaults.IsGreedy, Is.False);
    }

    [Test]
    public void PenaltiesWithoutAWindowAreNone() =>
        Assert.That((Defaults with { RepetitionPenalty = 2, PenaltyWindow = 0 }).HasPenalties, Is.False);

    private static TestCaseData Case(string name, string range, SamplingOptions options) => new(options, name, range);
}
