using LlamaSpec.Drafting.ModelFree;

namespace LlamaSpec.Tests.Drafting.ModelFree;

public class TrigramOverlayTests
{
    [Test]
    public void EveryTrigramOfTheLastTokensGainsWeight()
    {
        var overlay = new TrigramOverlay();
        overlay.Observe(Texts.Tokens("pq" + "abcdefghijklmabc"));
        Assert.That(Weight(overlay, "bcd"), Is.EqualTo(0.04f));
        Assert.That(Weight(overlay, "abc"), Is.EqualTo(0.08f), "it is there twice");
        Assert.That(Weight(overlay, "qab"), Is.Zero, "it begins before the last 16 tokens");
        Assert.That(Weight(overlay, "acb"), Is.Zero);
        overlay.Observe(Texts.Tokens("bcd"));
        Assert.That(Weight(overlay, "bcd"), Is.EqualTo(0.08f));
        Assert.That(overlay.Count, Is.EqualTo(13));
    }

    [Test]
    public void WeightsMatchACountOfEverythingObserved() => Property.Holds(static random =>
    {
        var text = Texts.Draw(random, 60);
        var overlay = new TrigramOverlay(new TrigramOverlayOptions { Increment = 0.5f, ContextLength = 5 });
        var counts = new Dictionary<(int, int, int), int>();
        for (var end = 0; end <= text.Length; end++)
        {
            overlay.Observe(text.AsSpan(0, end));
            for (var i = Math.Max(2, end - 3); i < end; i++)
            {
                var key = (text[i - 2], text[i - 1], text[i]);
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }

        Assert.That(overlay.Count, Is.EqualTo(counts.Count));
        Assert.That(counts.All(pair => overlay.WeightOf(pair.Key.Item1, pair.Key.Item2, pair.Key.Item3) == Math.Min(3, 0.5f * pair.Value)), Is.True);
    });

    [Test]
    public void AWeightHasACap()
    {
        var overlay = new TrigramOverlay();
        for (var i = 0; i < 100; i++)
        {
            overlay.Observe(Texts.Tokens("abc"));
        }

        Assert.That(Weight(overlay, "abc"), Is.EqualTo(3));
    }

    [Test]
    public void AtTheBoundTheOlderHalfIsForgotten()
    {
        var overlay = new TrigramOverlay(new TrigramOverlayOptions { MaximumTrigrams = 16 });
        for (var i = 0; i < 16; i++)
        {
            overlay.Observe([1, 2, i]);
        }

        overlay.Observe([1, 2, 0]);
        Assert.That(overlay.Count, Is.EqualTo(16), "what is known needs no room");
        overlay.Observe([5, 6, 7]);
        Assert.That(overlay.Count, Is.EqualTo(9));
        Assert.That(Enumerable.Range(0, 16).Select(i => overlay.WeightOf(1, 2, i) > 0), Is.EqualTo(Enumerable.Range(0, 16).Select(static i => i >= 8)));
        Assert.That(overlay.WeightOf(5, 6, 7), Is.EqualTo(0.04f));
    }

    [Test]
    public void AClearedOverlayKnowsNothing()
    {
        var overlay = new TrigramOverlay();
        overlay.Observe(Texts.Tokens("abcd"));
        overlay.Clear();
        Assert.That((overlay.Count, Weight(overlay, "abc")), Is.EqualTo((0, 0f)));
    }

    [Test]
    public void TableAndTextAddUp()
    {
        var overlay = new TrigramOverlay(new TrigramOverlayOptions { Increment = 0.4f, MaximumWeight = 1 });
        var candidates = new TrigramCandidates(Trigrams.Table("abc", "abc", "abc", "abd"), overlay);
        overlay.Observe(Texts.Tokens("abd"));
        overlay.Observe(Texts.Tokens("abe"));
        Assert.That(Describe(), Is.EqualTo("c0.75 d0.65 e0.4"));
        overlay.Observe(Texts.Tokens("abd"));
        Assert.That(Describe(), Is.EqualTo("d1 c0.75 e0.4"), "0.25 + 2 x 0.4 is above the cap");
        Assert.That(candidates.ConfidenceOf(0), Is.EqualTo(1 / (1 + 0.75 + 0.4 + 0.4)).Within(1e-6));

        string Describe()
        {
            candidates.Fill(0, 1);
            return string.Join(' ', candidates.Tokens.ToArray().Zip(candidates.Weights.ToArray(), static (token, weight) => FormattableString.Invariant($"{(char)('a' + token)}{weight:0.##}")));
        }
    }

    [Test]
    public void OfManyContinuationsTheTwelveHeaviestCount()
    {
        var overlay = new TrigramOverlay();
        for (var i = 0; i < 20; i++)
        {
            for (var times = 0; times <= i; times++)
            {
                overlay.Observe([1, 2, i]);
            }
        }

        var candidates = new TrigramCandidates(null, overlay);
        candidates.Fill(1, 2);
        Assert.That(candidates.Tokens.ToArray(), Is.EqualTo(Enumerable.Range(8, 12).Reverse()));
        Assert.That(candidates.Sum, Is.EqualTo(candidates.Weights.ToArray().Sum()).Within(1e-5));
    }

    [Test]
    public void ADrawFollowsTheWeights()
    {
        var overlay = new TrigramOverlay(new TrigramOverlayOptions { Increment = 0.25f });
        overlay.Observe(Texts.Tokens("abc"));
        overlay.Observe(Texts.Tokens("abc"));
        overlay.Observe(Texts.Tokens("abc"));
        overlay.Observe(Texts.Tokens("abd"));
        var candidates = new TrigramCandidates(null, overlay);
        candidates.Fill(0, 1);
        Assert.That(((double[])[0, 0.5, 0.7499, 0.7501, 0.9999]).Select(candidates.Draw), Is.EqualTo([0, 0, 0, 1, 1]));
    }

    [Test]
    public void OptionsOutOfRangeAreNamed()
    {
        Assert.That(() => new TrigramOverlay(new TrigramOverlayOptions { ContextLength = 2 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("ContextLength"));
        Assert.That(() => new TrigramOverlay(new TrigramOverlayOptions { Increment = float.NaN }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("Increment"));
        Assert.That(() => new TrigramOverlay(new TrigramOverlayOptions { MaximumWeight = 0 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("MaximumWeight"));
        Assert.That(() => new TrigramOverlay(new TrigramOverlayOptions { MaximumTrigrams = 15 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("MaximumTrigrams"));
    }

    private static float Weight(TrigramOverlay overlay, string trigram)
    {
        var tokens = Texts.Tokens(trigram);
        return overlay.WeightOf(tokens[0], tokens[1], tokens[2]);
    }
}
