using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.Tests.Policies.Ldlp;

public class LdlpTrainerTests
{
    [Test]
    public void ARuleIsLearnedFarBetterThanAConstantKnowsIt()
    {
        var weights = LdlpTrainer.Train(SyntheticSamples.Rule(), SyntheticSamples.Origin, SyntheticSamples.Quick);
        var figures = weights.Figures;
        Assert.That(figures.WeightedError, Is.LessThan(0.4 * figures.ConstantWeightedError));
        Assert.That(figures.AbsoluteError, Is.LessThan(0.4 * figures.ConstantAbsoluteError));
        Assert.That(figures.Correlation, Is.GreaterThan(0.8));
        Assert.That((figures.TrainingSamples, figures.HeldOutSamples), Is.EqualTo((1600, 400)));
        Assert.That(weights.Survival.For(4)[3], Is.GreaterThan(0.8));
        Assert.That(weights.Survival.For(0)[0], Is.LessThan(0.2));
    }

    [Test]
    public void WithoutARuleItDoesNotPretend()
    {
        var random = new Random(1);
        var samples = new LdlpSampleSet(SyntheticSamples.HiddenSize, 1);
        for (var i = 0; i < 600; i++)
        {
            samples.Add(SyntheticSamples.Row(random), SyntheticSamples.Row(random), [random.Next(2)], i % 10);
        }

        var figures = LdlpTrainer.Train(samples, SyntheticSamples.Origin, SyntheticSamples.Quick).Figures;
        Assert.That(figures.WeightedError, Is.GreaterThan(0.9 * figures.ConstantWeightedError));
    }

    [Test]
    public void TheSameSeedGivesTheSameBytesAndAnotherOneOthers()
    {
        var options = SyntheticSamples.Quick with { Epochs = 3, Dropout = 0.3 };
        var first = Train(options);
        Assert.That(Train(options), Is.EqualTo(first));
        Assert.That(Train(options with { Seed = 8 }), Is.Not.EqualTo(first));
    }

    [Test]
    public void APredictionTooShortIsDearer()
    {
        // The same rows with label 1 in half of the cases: the cheapest constant is 1 as soon as short costs more.
        var samples = new LdlpSampleSet(SyntheticSamples.HiddenSize, 1);
        var row = SyntheticSamples.Row(new Random(1));
        for (var i = 0; i < 400; i++)
        {
            samples.Add(row, row, [i % 2], i % 8 / 2);
        }

        var weights = LdlpTrainer.Train(samples, SyntheticSamples.Origin, SyntheticSamples.Quick);
        Assert.That(new LdlpNetwork(weights).Predict(row, row), Is.GreaterThan(0.9f));
    }

    [Test]
    public void TheBestPassIsKeptAndIdlePassesEndIt()
    {
        var seen = new List<LdlpProgress>();
        var options = SyntheticSamples.Quick with { Epochs = 60, Patience = 3, LearningRate = 0.05f };
        var weights = LdlpTrainer.Train(SyntheticSamples.Rule(300), SyntheticSamples.Origin, options, new Collector(seen));
        var best = seen.MinBy(static progress => progress.HeldOutError);
        Assert.That(seen.Select(static progress => progress.Epoch), Is.EqualTo(Enumerable.Range(1, seen.Count)));
        Assert.That(seen.Count, Is.EqualTo(Math.Min(60, best.Epoch + 3)));
        Assert.That(weights.Figures.WeightedError, Is.EqualTo(best.HeldOutError).Within(0.05));
    }

    [Test]
    public void HeldOutSamplesAreOfOtherPrompts()
    {
        var samples = SyntheticSamples.Rule(1000, 10);
        var split = LdlpSplit.Of(samples, 0.2, 1);
        var training = split.Training.Select(samples.Prompt).Distinct();
        var heldOut = split.HeldOut.Select(samples.Prompt).Distinct().ToArray();
        Assert.That(heldOut, Has.Length.EqualTo(2));
        Assert.That(training.Intersect(heldOut), Is.Empty);
        Assert.That(split.Training.Length + split.HeldOut.Length, Is.EqualTo(1000));
        Assert.That(LdlpSplit.Of(samples, 0.2, 2).HeldOut.Select(samples.Prompt).Distinct(), Is.Not.EqualTo(heldOut));
    }

    [Test]
    public void OnePromptIsTooFew() => Assert.That(
        () => LdlpTrainer.Train(SyntheticSamples.Rule(100, 1), SyntheticSamples.Origin),
        Throws.ArgumentException.With.Message.Contains("at least 2 prompts"));

    [Test]
    public void ItCanBeStopped()
    {
        using var stop = new CancellationTokenSource();
        var progress = new Collector([]) { Reported = stop.Cancel };
        Assert.That(
            () => LdlpTrainer.Train(SyntheticSamples.Rule(), SyntheticSamples.Origin, SyntheticSamples.Quick, progress, stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(progress.Seen, Has.Count.EqualTo(1));
    }

    [Test]
    public void OptionsOutOfRangeAreRefused()
    {
        LdlpTrainingOptions[] bad =
        [
            new() { Width = 5000 }, new() { Epochs = 0 }, new() { BatchSize = 0 }, new() { LearningRate = float.NaN }, new() { WeightDecay = -1 },
            new() { ShortPenalty = 0.5f }, new() { HeldOutShare = 0.9 }, new() { Dropout = 1 }, new() { Patience = 0 },
        ];
        foreach (var options in bad)
        {
            Assert.That(() => LdlpTrainer.Train(SyntheticSamples.Rule(10), SyntheticSamples.Origin, options), Throws.InstanceOf<ArgumentException>());
        }
    }

    private static byte[] Train(LdlpTrainingOptions options) =>
        SyntheticSamples.Save(LdlpTrainer.Train(SyntheticSamples.Rule(500), SyntheticSamples.Origin, options));

    private sealed class Collector(List<LdlpProgress> seen) : IProgress<LdlpProgress>
    {
        public List<LdlpProgress> Seen => seen;

        public Action? Reported { get; init; }

        public void Report(LdlpProgress value)
        {
            seen.Add(value);
            Reported?.Invoke();
        }
    }
}
