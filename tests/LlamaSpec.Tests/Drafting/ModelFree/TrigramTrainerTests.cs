using LlamaSpec.Drafting.ModelFree;

namespace LlamaSpec.Tests.Drafting.ModelFree;

public class TrigramTrainerTests
{
    [Test]
    public void FrequenciesAreThoseOfTheTexts()
    {
        var table = Trigrams.Table("abcabcabdxab", "abc");
        Assert.That(table.Follow("ab"), Is.EqualTo("c 0.75 d 0.25"));
        Assert.That(table.Follow("bc"), Is.EqualTo("a 1"));
        Assert.That(table.Follow("xa"), Is.EqualTo("b 1"));
        Assert.That(table.Follow("ba"), Is.Empty, "no tri-gram reaches from one text into the next");
        Assert.That((table.KeyCount, table.ContinuationCount), Is.EqualTo((6, 7)));
        Assert.That(table.Origin, Is.EqualTo(new TrigramOrigin { VocabularyFingerprint = "test", TokenCount = 15 }));
        Assert.That((table.Find(-1, 0).Tokens.Length, table.Find(64, 0).Tokens.Length, table.Find(0, 64).Tokens.Length), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void EveryCountOfATextIsExact() => Property.Holds(static random =>
    {
        var text = Texts.Draw(random, 300);
        var trainer = new TrigramTrainer(Texts.Vocabulary);
        trainer.Add(text);
        var table = trainer.Build("test");
        var pairs = Enumerable.Range(2, Math.Max(0, text.Length - 2)).GroupBy(i => (text[i - 2], text[i - 1]), i => text[i]).ToArray();
        Assert.That(table.KeyCount, Is.EqualTo(pairs.Length));
        foreach (var pair in pairs)
        {
            var expected = pair.GroupBy(static token => token).OrderByDescending(static group => group.Count()).ThenBy(static group => group.Key).ToArray();
            var found = table.Find(pair.Key.Item1, pair.Key.Item2);
            Assert.That(found.Tokens.ToArray(), Is.EqualTo(expected.Select(static group => group.Key)));
            Assert.That(found.Weights.ToArray(), Is.EqualTo(expected.Select(group => (double)group.Count() / pair.Count())).Within(5e-4));
        }
    });

    [Test]
    public void TheTwelveHeaviestAreKeptWithTheirShareOfAll()
    {
        // x y is followed once by a, twice by b, .. up to fourteen times by n: 105 in all.
        var texts = Enumerable.Range(0, 14).SelectMany(static i => Enumerable.Repeat("xy" + (char)('a' + i), i + 1)).ToArray();
        var found = Trigrams.Table(texts).Find(Texts.Tokens("x")[0], Texts.Tokens("y")[0]);
        Assert.That(found.Tokens.ToArray(), Is.EqualTo(Enumerable.Range(2, 12).Reverse()));
        Assert.That(found.Weights[0], Is.EqualTo(14 / 105.0).Within(1e-4));
        Assert.That(found.Weights[11], Is.EqualTo(3 / 105.0).Within(1e-4));
    }

    [Test]
    public void RareTrigramsAndRarePairsAreLeftOut()
    {
        string[] texts = ["abc", "abc", "abd", "xyz", "xyz", "xyz", "pqr"];
        var frequent = Trigrams.Table(new TrigramTrainingOptions { MinimumCount = 2 }, texts);
        Assert.That((frequent.Follow("ab"), frequent.Follow("pq"), frequent.KeyCount), Is.EqualTo(("c 0.667", string.Empty, 2)));
        var few = Trigrams.Table(new TrigramTrainingOptions { MaximumKeys = 2 }, texts);
        Assert.That((few.Follow("ab"), few.Follow("xy"), few.Follow("pq")), Is.EqualTo(("c 0.667 d 0.333", "z 1", string.Empty)));
        Assert.That(Trigrams.Table(new TrigramTrainingOptions { MaximumKeys = 1 }, "xyz", "abc").Follow("ab"), Is.EqualTo("c 1"), "of equals the first");
    }

    [Test]
    public void WithoutRoomTheRarestAreForgotten()
    {
        var random = new Random(5);
        var trainer = new TrigramTrainer(1 << 20, new TrigramTrainingOptions { MaximumTrigrams = 1024 });
        for (var i = 0; i < 5000; i++)
        {
            trainer.Add([1, 2, 3 + (i % 2)]);
            trainer.Add([random.Next(10, 1 << 20), random.Next(10, 1 << 20), 9]);
        }

        var table = trainer.Build("test");
        Assert.That(table.Find(1, 2).Weights.ToArray(), Is.EqualTo([0.5f, 0.5f]), "what is frequent loses nothing");
        Assert.That(table.KeyCount, Is.InRange(2, 1024));
        Assert.That(trainer.ForgottenCount, Is.EqualTo(5001 - table.KeyCount));
        Assert.That(trainer.TokenCount, Is.EqualTo(30_000));
    }

    [Test]
    public void ProgressIsToldWhileReading()
    {
        var reports = new Reports();
        var trainer = new TrigramTrainer(Texts.Vocabulary, null, reports);
        trainer.Add(new int[70_000]);
        trainer.Add(new int[70_000]);
        Assert.That(reports.Seen, Is.EqualTo([new TrigramProgress(65_536, 1), new TrigramProgress(131_072, 1)]));
    }

    [Test]
    public void ATokenOutsideTheVocabularyIsRefusedWithItsText()
    {
        var trainer = new TrigramTrainer(4);
        Assert.That(() => trainer.Add([0, 1, 2, 4]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => trainer.Add([0, 1, -1]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That((trainer.TokenCount, trainer.Build("test").KeyCount), Is.EqualTo((0, 0)));
    }

    [Test]
    public void TheLargestVocabularyFits()
    {
        var last = TrigramTable.LargestVocabulary - 1;
        var trainer = new TrigramTrainer(TrigramTable.LargestVocabulary);
        trainer.Add([last, last, last]);
        var table = trainer.Build("test");
        Assert.That(table.Find(last, last).Tokens.ToArray(), Is.EqualTo([last]));
        Assert.That(table.Find(0, 0).Tokens.Length, Is.Zero);
        Assert.That(table.MemoryBytes, Is.EqualTo(4L * (TrigramTable.LargestVocabulary + 6)));
    }

    [Test]
    public void OptionsOutOfRangeAreNamed()
    {
        Assert.That(() => new TrigramTrainer(TrigramTable.LargestVocabulary + 1), Throws.InstanceOf<ArgumentException>().With.Message.Contains("vocabularySize"));
        Assert.That(() => new TrigramTrainer(1, new TrigramTrainingOptions { MaximumTrigrams = 1 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("MaximumTrigrams"));
        Assert.That(() => new TrigramTrainer(1, new TrigramTrainingOptions { MaximumKeys = 0 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("MaximumKeys"));
        Assert.That(() => new TrigramTrainer(1, new TrigramTrainingOptions { MinimumCount = 0 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("MinimumCount"));
        Assert.That(() => new TrigramTrainer(1).Build(new string('x', 257)), Throws.InstanceOf<ArgumentException>().With.Message.Contains("vocabularyFingerprint"));
    }

    private sealed class Reports : IProgress<TrigramProgress>
    {
        public List<TrigramProgress> Seen { get; } = [];

        public void Report(TrigramProgress value) => Seen.Add(value);
    }
}
