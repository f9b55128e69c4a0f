using LlamaSpec.Gguf;
using LlamaSpec.Measuring.WideModels;
using LlamaSpec.Models;

namespace LlamaSpec.Measuring.Tests.WideModels;

public sealed class LlamaShapeTests
{
    private static readonly LlamaShape Small = new() { Width = 576, FeedForwardWidth = 1536, HeadCount = 9, KeyHeadCount = 3, Epsilon = 1e-5 };

    [Test]
    public void HeadsAndFeedForwardGrowInProportion()
    {
        var wide = Small.Widen(1536);
        Assert.That((wide.Width, wide.FeedForwardWidth, wide.HeadCount, wide.KeyHeadCount), Is.EqualTo((1536, 4096, 24, 8)));
        Assert.That((wide.HeadSize, wide.GroupSize), Is.EqualTo((64, 3)));
        Assert.That(wide.Epsilon, Is.EqualTo(3.75e-6).Within(1e-15));
        Assert.That(Small.Widen(576), Is.EqualTo(Small));
    }

    [Test]
    public void TheFeedForwardWidthIsWholeBlocks() =>
        Assert.That((Small with { FeedForwardWidth = 1500 }).Widen(768).FeedForwardWidth, Is.EqualTo(2016), "2000, rounded up");

    [TestCase(1500)]
    [TestCase(1600, Description = "25 heads of 64, but no whole number of groups of 3")]
    [TestCase(384)]
    [TestCase(0)]
    [TestCase(-192)]
    [TestCase(192 * 100)]
    public void OtherWidthsAreRefused(int width) => Assert.That(
        () => Small.Widen(width),
        Throws.ArgumentException.With.Message.Contains("from 576 to 16384 and a multiple of 192").And.Message.Contains("for example 768").And.Message.Contains($"it is {width}"));

    [TestCase(1.0)]
    [TestCase(3e-3, Description = "the mean square is about epsilon")]
    [TestCase(1e-6, Description = "epsilon is all")]
    public void TheNormOfAPaddedRowIsThatOfTheRow(double size)
    {
        var random = new Random(1);
        double[] row = [.. Enumerable.Range(0, 576).Select(_ => size * ((2 * random.NextDouble()) - 1))];
        double[] weights = [.. Enumerable.Range(0, 576).Select(_ => random.NextDouble())];
        var wide = Small.Widen(1536);

        var expected = Norm(row, weights, Small.Epsilon);
        var actual = Norm([.. row, .. new double[960]], [.. weights.Select(weight => weight * Small.NormScaleTo(wide)), .. new double[960]], wide.Epsilon);

        Assert.That(actual[..576], Is.EqualTo(expected).Within(1e-12).Percent);
        Assert.That(actual[576..], Is.All.Zero);
    }

    [Test]
    public void OtherArchitecturesAreRefused()
    {
        using var folder = new TemporaryFolder();
        var model = new TinyModel();
        model.Metadata.Set("general.architecture", GgufValue.Of("qwen2"));
        Assert.That(
            () => LlamaShape.Read(model.Save(folder["model.gguf"])),
            Throws.TypeOf<ModelFailureException>().With.Message.Contains("architecture qwen2, and only llama"));
    }

    [TestCase("llama.embedding_length", 0u, "no usable llama.embedding_length")]
    [TestCase("llama.attention.head_count", 3u, "do not divide")]
    [TestCase("llama.attention.head_count_kv", 4u, "do not divide")]
    [TestCase("llama.attention.key_length", 48u, "width and heads give 32")]
    public void SizesThatDoNotFitAreRefused(string key, uint value, string part)
    {
        using var folder = new TemporaryFolder();
        var model = new TinyModel();
        model.Metadata.Set(key, GgufValue.Of(value));
        Assert.That(() => LlamaShape.Read(model.Save(folder["model.gguf"])), Throws.TypeOf<ModelFailureException>().With.Message.Contains(part));
    }

    private static double[] Norm(double[] row, double[] weights, double epsilon)
    {
        var scale = 1 / Math.Sqrt((row.Sum(static value => value * value) / row.Length) + epsilon);
        return [.. row.Zip(weights, (value, weight) => value * scale * weight)];
    }
}
